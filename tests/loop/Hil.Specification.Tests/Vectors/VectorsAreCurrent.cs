using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Records;
using Hil.Emulator;
using Hil.Specification.Comparison;
using Hil.Specification.Programs;
using Hil.Specification.Tests.Emulator;
using Hil.Specification.Timing;
using Hil.Specification.Vectors;
using EngineTiming = Hil.Emulator.Timing.TimingResult;

namespace Hil.Specification.Tests.Vectors;

/// <summary>tests/vectors: one file an opcode, written by the specification (HIL_WRITE_VECTORS=1), read by every implementation.</summary>
public sealed class VectorsAreCurrent
{
    /// <summary>Short programs in which the opcode occurs; STORE needs a machine with a writable region.</summary>
    private const int MostInstructions = 7;

    public static TheoryData<Opcode> Opcodes() => [.. InstructionSet.All.Select(d => d.Code)];

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void The_file_is_what_the_specification_gives(Opcode opcode)
    {
        string text = Specified(Find(opcode));
        string path = Path.Combine(Folder(), $"{InstructionSet.Find(opcode)!.Name.ToLowerInvariant()}.txt");
        if (Environment.GetEnvironmentVariable("HIL_WRITE_VECTORS") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(text, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void The_emulator_gives_what_the_file_says(Opcode opcode)
    {
        string text = File.ReadAllText(Path.Combine(Folder(), $"{InstructionSet.Find(opcode)!.Name.ToLowerInvariant()}.txt")).ReplaceLineEndings("\n");
        GeneratedProgram program = VectorFile.ReadProgram(text, MachineFile.Bundled);
        Assert.Contains(program.Instructions, i => i.Opcode == opcode);
        EmulatorEngine engine = EmulatorRunner.Engine(program, EmulatorOptions.Default);
        EngineTiming timing = engine.Timing;
        string mine = VectorFile.Write(program, EmulatorRunner.Run(engine, program), timing.Counters, timing.Trace);
        Assert.Equal(VectorFile.Results(text), VectorFile.Results(mine));
    }

    private static string Specified(GeneratedProgram generated)
    {
        TimingResult timing = Interpreter.Run(generated.Machine, generated.Program, _ => TrapReason.None);
        Assert.Equal(TrapRecord.None, timing.Trap);
        return VectorFile.Write(generated, Divergence.Specify(generated), timing.Counters, timing.Retirements);
    }

    /// <summary>The first seed whose program has the opcode before END, and a LOAD_PARAMETERS or weights, so that results are not poison alone.</summary>
    private static GeneratedProgram Find(Opcode opcode)
    {
        Machine machine = MachineFile.Bundled(opcode == Opcode.Store ? "ulx3s-85f" : "icebreaker");
        return Enumerable.Range(1000 * (int)opcode, 5000)
            .Select(seed => ProgramGenerator.Make(machine, seed, new GeneratorOptions(Length: MostInstructions, ElementLimit: 64, MacLimit: 500)))
            .First(g => g.Instructions.Any(i => i.Opcode == opcode && (opcode != Opcode.Compute || i[Compute.Tiles] > 1))
                && g.Instructions.Any(i => i.Opcode is Opcode.LoadParameters or Opcode.LoadWeights));
    }

    private static string Folder() => Path.Combine(Repository.Root, "tests", "vectors");
}
