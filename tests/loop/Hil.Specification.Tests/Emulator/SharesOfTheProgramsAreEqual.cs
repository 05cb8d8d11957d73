using Hil.Contract.Machines;
using Hil.Emulator;
using Hil.Specification.Comparison;
using Hil.Specification.Forms;
using Hil.Specification.Programs;
using Hil.Specification.Timing;
using EngineTiming = Hil.Emulator.Timing.TimingResult;

namespace Hil.Specification.Tests.Emulator;

/// <summary>
/// A part of the random programs in small shares; the first difference ends a share, and what is expected is worked out once a process. Judges the
/// faults that Stryker plants (tests/mutants/Hil.Stryker.Judge), thousands in one process.
/// </summary>
public sealed class SharesOfTheProgramsAreEqual
{
    private const int Every = 400;
    private const int Shares = 16;
    private const int LeastPrograms = 25;

    private static readonly Lazy<Expected[]>[] Programs =
        [.. Enumerable.Range(0, Shares).Select(s => new Lazy<Expected[]>(() => [.. RandomSuite.Jobs().Where((_, n) => n % Every == s).Select(j => Specify(j.Machine, j.Seed))]))];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Shares)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void To_the_cycle(int number)
    {
        Assert.InRange(Programs[number].Value.Length, LeastPrograms, int.MaxValue);
        foreach ((GeneratedProgram program, _, TimingResult time) in Programs[number].Value)
        {
            EngineTiming timing = EmulatorRunner.Engine(program, EmulatorOptions.Default).Timing;
            Assert.Null(TimingDivergence.Find(program, time, timing.Trap, timing.Counters, timing.Trace) ?? RandomSuite.LayerDivergence(program, time, timing.Layers));
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void To_the_bit(int number)
    {
        foreach ((GeneratedProgram program, MemorySnapshot memories, _) in Programs[number].Value)
        {
            foreach (EmulatorOptions options in Levels.All) Assert.Null(memories.FirstDifference(EmulatorRunner.Run(program, options)));
        }
    }

    private static Expected Specify(Machine machine, int seed)
    {
        GeneratedProgram program = ProgramGenerator.Make(machine, seed);
        return new Expected(program, Divergence.Specify(program), Interpreter.Run(machine, program.Program, i => LegalForm.Check(i, machine)));
    }

    private sealed record Expected(GeneratedProgram Program, MemorySnapshot Memories, TimingResult Time);
}
