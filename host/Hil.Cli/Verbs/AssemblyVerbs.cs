using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Hil.Contract;
using Hil.Contract.Isa;
using Hil.Contract.Programs;
using Hil.Jobs.Artefacts;

namespace Hil.Cli.Verbs;

/// <summary>The verbs `asm` and `disasm`: a program as text and back, byte for byte.</summary>
internal static class AssemblyVerbs
{
    public static Command Asm(Terminal terminal)
    {
        var source = new Argument<string>("source") { Description = "Text as `hil disasm` writes it." };
        Option<string?> output = CommonOptions.Out("The program; default: the source's name with .hilp.");
        Option<bool> json = CommonOptions.Json();
        var command = new Command("asm", AllVerbs.Describe("Make a program of text.", "asm p.hil --out p.hilp"))
        {
            source, output, json,
        };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(source)!;
            string target = parsed.GetValue(output) ?? Path.ChangeExtension(path, ".hilp");
            OutputGuard.Check(path, target);
            ProgramImage program = Assembler.Assemble(ReadText(path), path);
            AtomicFile.Write(target, ProgramFile.Write(program));
            Print(terminal, parsed.GetValue(json), "hil.asm/1", program, target);
        });
        return command;
    }

    public static Command Disasm(Terminal terminal)
    {
        var source = new Argument<string>("program") { Description = "A compiled program (.hilp)." };
        Option<string?> output = CommonOptions.Out("The text; default: standard output.");
        Option<bool> json = CommonOptions.Json();
        var command = new Command("disasm", AllVerbs.Describe("Write a program as text.", "disasm p.hilp --out p.hil"))
        {
            source, output, json,
        };
        command.SetAction(parsed =>
        {
            ProgramImage program = ProgramFile.Load(parsed.GetValue(source)!);
            string text = Disassembler.Print(program);
            string? target = parsed.GetValue(output);
            if (target is not null)
            {
                AtomicFile.Write(target, Encoding.UTF8.GetBytes(text));
            }

            if (parsed.GetValue(json) || target is not null)
            {
                Print(terminal, parsed.GetValue(json), "hil.disasm/1", program, target);
            }
            else
            {
                terminal.Out.Write(text);
            }
        });
        return command;
    }

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HilException(ExitKind.BadInput, e.Message, path, "Give a readable file.", e);
        }
    }

    private static void Print(Terminal terminal, bool json, string schema, ProgramImage program, string? target)
    {
        if (json)
        {
            Outputs.Write(terminal, new JsonObject
            {
                ["schema"] = schema,
                ["program"] = program.Name,
                ["programHash"] = ProgramFile.Hash(program),
                ["machine"] = program.MachineName,
                ["instructions"] = program.InstructionCount,
                ["file"] = target,
            });
            return;
        }

        terminal.Out.WriteLine($"{program.Name}: {program.InstructionCount} instructions for {program.MachineName}, written to {target}");
    }
}
