using System.Globalization;
using System.Text;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Specification.Comparison;
using Hil.Specification.Numerics;
using Hil.Specification.Programs;

namespace Hil.Specification.Vectors;

/// <summary>One program with its memories before and after and its time, as lines of text that any language reads (tests/vectors/README.md).</summary>
public static class VectorFile
{
    public const string Header = "# hil.vector/1";

    private const int BytesInLine = 32;

    public static string Write(GeneratedProgram generated, MemorySnapshot memories, Counters counters, IReadOnlyList<Retirement> retirements)
    {
        ArgumentNullException.ThrowIfNull(generated);
        ArgumentNullException.ThrowIfNull(memories);
        ArgumentNullException.ThrowIfNull(counters);
        var text = new StringBuilder();
        ProgramImage program = generated.Program;
        text.Append(CultureInfo.InvariantCulture, $"{Header}\nmachine {generated.Machine.Name}\npoison {generated.PoisonSeed}\n");
        text.Append(CultureInfo.InvariantCulture, $"entry {program.Entry:x8}\ninstructions {program.InstructionCount}\n");
        for (int i = 0; i < program.InstructionCount; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"instruction {program[i].Word:x32} {InstructionSet.Find(program[i].Opcode)!.Name}\n");
        }

        AppendRuns(text, "main", program.ImageBase, program.Image.ToArray(), new byte[program.Image.Length]);
        foreach (HostWrite write in generated.HostWrites)
        {
            text.Append(CultureInfo.InvariantCulture, $"range {write.Address:x8} {write.Bytes.Length}\n");
            AppendRuns(text, "main", write.Address, write.Bytes, new byte[write.Bytes.Length]);
        }

        var before = MemorySnapshot.Of(new DeviceState(generated.Machine, generated.PoisonSeed), []);
        AppendRuns(text, "scratchpad", 0, memories.Scratchpad, before.Scratchpad);
        AppendRuns(text, "accumulators", 0, memories.Accumulators, before.Accumulators);
        AppendRuns(text, "parameters", 0, memories.Parameters, before.Parameters);
        AppendRuns(text, "tables", 0, memories.Tables, before.Tables);
        AppendRuns(text, "rowScales", 0, memories.RowScales, before.RowScales);
        foreach ((HostWrite write, byte[] after) in generated.HostWrites.Zip(memories.Main))
        {
            AppendRuns(text, "stored", write.Address, after, write.Bytes);
        }

        foreach (Retirement r in retirements.OrderBy(r => r.Index))
        {
            text.Append(CultureInfo.InvariantCulture, $"retire {r.Index} {r.Unit} {r.Start} {r.Retire}\n");
        }

        foreach ((string name, long value) in counters.Named())
        {
            text.Append(CultureInfo.InvariantCulture, $"counter {name} {value}\n");
        }

        return text.ToString();
    }

    /// <summary>The program of a vector: machine, image, host data and poison; what should come out is not looked at.</summary>
    public static GeneratedProgram ReadProgram(string text, Func<string, Machine> machineOf)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(machineOf);
        string[][] lines = [.. text.Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split(' '))];
        string[] One(string key) => lines.Single(l => l[0] == key);
        var main = new MainMemory();
        foreach (string[] line in lines.Where(l => l[0] == "main"))
        {
            main.Write(Hex(line[1]), Convert.FromHexString(line[2]));
        }

        HostWrite[] writes = [.. lines.Where(l => l[0] == "range")
            .Select(l => new HostWrite(Hex(l[1]), main.Read(Hex(l[1]), int.Parse(l[2], CultureInfo.InvariantCulture))))];
        long[] starts = [.. lines.Where(l => l[0] == "main").Select(l => Hex(l[1]))
            .Where(a => !writes.Any(w => a >= w.Address && a < w.Address + w.Bytes.Length)).Append(Hex(One("entry")[1]))];
        int count = int.Parse(One("instructions")[1], CultureInfo.InvariantCulture);
        long end = Math.Max(starts.Max() + BytesInLine, Hex(One("entry")[1]) + (count * Instruction.Bytes));
        Machine machine = machineOf(One("machine")[1]);
        var program = new ProgramImage(
            "vector", machine.Name, "", "", (uint)starts.Min(), main.Read(starts.Min(), (int)(end - starts.Min())), (uint)Hex(One("entry")[1]), count,
            [.. writes.Select((w, i) => new TensorPlace(
                $"input{i}", Space.Main, w.Address, 0, 1, w.Bytes.Length, w.Bytes.Length, ElementType.Int8, 1, 0, 0))],
            [], [], [new ProgramLayer("all", "", 0, count, 0, 0)], [], new Dictionary<string, string>());
        return new GeneratedProgram(0, machine, program, writes, uint.Parse(One("poison")[1], CultureInfo.InvariantCulture));
    }

    /// <summary>The lines after the program: what a device must give.</summary>
    public static IEnumerable<string> Results(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] keys = ["scratchpad", "accumulators", "parameters", "tables", "rowScales", "stored", "retire", "counter"];
        return text.Split('\n').Where(l => keys.Contains(l.Split(' ')[0]));
    }

    private static long Hex(string digits) => long.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>The aligned lines in which something differs from what was there before.</summary>
    private static void AppendRuns(StringBuilder text, string key, long address, byte[] content, byte[] before)
    {
        for (int at = 0; at < content.Length; at += BytesInLine)
        {
            int length = Math.Min(BytesInLine, content.Length - at);
            if (!content.AsSpan(at, length).SequenceEqual(before.AsSpan(at, length)))
            {
                text.Append(CultureInfo.InvariantCulture, $"{key} {address + at:x8} {Convert.ToHexStringLower(content, at, length)}\n");
            }
        }
    }
}
