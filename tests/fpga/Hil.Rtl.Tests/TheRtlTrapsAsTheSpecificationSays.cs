using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Devices;
using Hil.Emulator;
using Hil.Specification.Forms;
using Hil.Specification.Programs;
using Hil.Specification.Timing;
using Xunit.Abstractions;

namespace Hil.Rtl.Tests;

/// <summary>Random programs with something wrong in them: the reason, the instruction, every counter up to the stop, and the trace.</summary>
public sealed class TheRtlTrapsAsTheSpecificationSays(ITestOutputHelper output)
{
    private const int Programs = 400;

    /// <summary>One illegal form in so many is tried by default, each with HIL_TEST_FULL=1.</summary>
    private static readonly int EveryForm = Share.Of(9, 1);

    public static TheoryData<string> Machines() => Share.Machines(["icebreaker", "pipelined", "ragged-2x4", "square-8x8"], "one-bank-2x2", "large-16x16", "dot-1x1");

    public static TheoryData<string> FormMachines() =>
        Share.Machines([TestMachines.Thin.Name, "icebreaker"], "pipelined", "ragged-2x4", "square-8x8", "one-bank-2x2", "large-16x16", "dot-1x1");

    [SkippableTheory]
    [MemberData(nameof(Machines))]
    public void On_programs_with_a_broken_word_or_broken_tokens(string name)
    {
        Skip.If(RtlBuild.Missing is not null, $"No RTL simulation: {RtlBuild.Missing}.");
        Machine machine = TestMachines.SoonDeadlocked(TestMachines.Named(name));
        using var rtl = new RtlSimulation(machine);
        var seen = new HashSet<TrapReason>();
        for (int seed = 1; seed <= Programs; seed++)
        {
            ProgramImage program = BrokenPrograms.Make(machine, seed).Program;
            TimingResult expected = Interpreter.Run(machine, program, i => FormRules.Check(i, machine));
            rtl.ClearMain();
            rtl.WriteMain(program.ImageBase, program.Image.Span);
            rtl.Start(program.Entry, program.InstructionCount);
            Assert.True(rtl.Run(expected.Counters.Cycles + 1000), $"seed {seed}: not done");
            Assert.Equal((seed, expected.Trap), (seed, rtl.Trap()));
            Assert.Equal(
                expected.Counters.Named().Select(c => (seed, c.Name, c.Value)), rtl.Counters().Named().Select(c => (seed, c.Name, c.Value)));
            Assert.Equal(expected.Retirements, rtl.Trace().Select(t => t.Retirement));
            seen.Add(expected.Trap.Reason);
        }

        // Every instruction is on a machine that can store.
        IEnumerable<TrapReason> never = machine.Regions.Any(r => r.Writable) ? [TrapReason.NotOnThisMachine] : [];
        Assert.Equal(Enum.GetValues<TrapReason>().Except(never), seen.Order());
    }

    /// <summary>
    /// Every way to break one rule, behind some legal instructions: reason, instruction, counters and trace of the emulator. After a soft reset,
    /// and in every second case without one, a legal program runs as if nothing had been.
    /// </summary>
    [SkippableTheory]
    [MemberData(nameof(FormMachines))]
    public void On_each_illegal_form_and_recovers(string name)
    {
        Skip.If(RtlBuild.MissingForGates is not null, $"No netlist: {RtlBuild.MissingForGates}.");
        Machine machine = TestMachines.SoonDeadlocked(TestMachines.Named(name));
        using var rtl = new RtlSimulation(machine, TestMachines.SharedModel(name));
        var after = new ExpectedRun(ProgramGenerator.Make(machine, 1, GeneratorOptions.Default));
        IReadOnlyList<IllegalForm> forms = IllegalForms.On(machine);
        int tried = 0;
        for (int n = 0; n < forms.Count; n += EveryForm, tried++)
        {
            GeneratedProgram legal = ProgramGenerator.Make(machine, n, new GeneratorOptions(Length: n % 4));
            List<Instruction> code = [.. legal.Instructions];
            code.Insert(code.Count - 1, forms[n].Instruction);
            ProgramImage program = Rewritten.With(legal, code).Program;
            Hil.Emulator.Timing.TimingResult expected = new EmulatorEngine(machine, program).Timing;
            Assert.Equal((forms[n].Rule, new TrapRecord(forms[n].Reason, code.Count - 2)), (forms[n].Rule, expected.Trap));

            rtl.ClearMain();
            rtl.WriteMain(program.ImageBase, program.Image.Span);
            rtl.Start(program.Entry, program.InstructionCount);
            Assert.True(rtl.Run(expected.Counters.Cycles + 1000), $"{forms[n].Rule}: not done");
            Assert.Equal((forms[n].Rule, expected.Trap), (forms[n].Rule, rtl.Trap()));
            Assert.Equal(expected.Counters.Named(), rtl.Counters().Named());
            Assert.Equal(expected.Trace.OrderBy(r => (r.Retire, r.Unit)), rtl.Trace().Select(t => t.Retirement));
            if (tried % 16 != 0) continue;
            if (tried % 32 == 0) rtl.Reset();
            Assert.True(after.IsMetBy(rtl), $"after {forms[n].Rule}");
        }

        output.WriteLine($"{tried} of {forms.Count} illegal forms on {name}");
    }
}
