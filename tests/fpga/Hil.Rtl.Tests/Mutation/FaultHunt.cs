using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Registers;
using Hil.Devices;
using Hil.Specification.Forms;
using Hil.Specification.Programs;

namespace Hil.Rtl.Tests.Mutation;

/// <summary>
/// What a planted fault of the RTL has to get past: programs of every kind that the other tests run, one after the other on one core that is not reset
/// between them, each compared by every byte, counter, timestamp and trap. Worked out once for a machine; may hunt several faults at a time.
/// </summary>
internal sealed class FaultHunt
{
    private const int Mixed = 160;
    private const int BrokenPrograms = 120;
    private const int LeftEvery = 8;
    private const int EarlyPrograms = 24;
    private const int StalledPrograms = 24;

    private readonly Machine _machine;
    private readonly List<Step> _onTime = [];
    private readonly List<Step> _early = [];
    private readonly List<Step> _stalled = [];

    public FaultHunt(Machine machine)
    {
        _machine = machine;
        for (int seed = 1; seed <= Mixed; seed++)
        {
            var legal = new ExpectedRun(ProgramGenerator.Make(machine, seed, GeneratorOptions.Default));
            AddProgram(_onTime, $"program {seed}", legal);
            if (seed <= BrokenPrograms) AddProgram(_onTime, $"broken program {seed}", new ExpectedRun(Rtl.Tests.BrokenPrograms.Make(machine, seed), legal: false));
            if (seed % LeftEvery == 0) _onTime.Add(new Step($"program {seed} left half-way", rtl => LeaveAndReset(rtl, legal)));
            if (seed <= EarlyPrograms) AddProgram(_early, $"program {seed}, early beats", legal);
            if (seed <= StalledPrograms)
                _stalled.Add(new Step($"program {seed}, a memory that stalls", rtl => legal.DifferencesOfBytes(rtl, out _).Length == 0));
        }

        AddForms();
        foreach ((string name, GeneratedProgram program, bool isLegal) in RarePrograms.On(machine))
            AddProgram(_onTime, name, new ExpectedRun(program, isLegal));
        foreach (GeneratedProgram ties in TiesRoundToEven.Programs(machine)) AddProgram(_onTime, "ties", new ExpectedRun(ties));
        _onTime.Insert(1, new Step("what the host's port reads", ExpectedRun.HostReadsWhatIsThere));
        var first = new ExpectedRun(ProgramGenerator.Make(machine, Mixed + 1, GeneratorOptions.Default));
        _onTime.Add(new Step("the scratchpad by the host's port", rtl => HostPortHolds(rtl, first)));
        byte[] identity = IdentityRegisters.Of(machine);
        _onTime.Add(new Step("what it says it is", rtl => rtl.ReadIdentity().SequenceEqual(identity)));
    }

    /// <summary>The first thing that a fault of <see cref="RtlModel.Mutants"/> does wrong; null if it survives. 0: no fault.</summary>
    public string? FirstWrong(int fault)
    {
        using (RtlSimulation rtl = Core(fault, new RtlSimulation(_machine, RtlModel.Mutants)))
        {
            if (FirstWrong(rtl, _onTime) is { } wrong) return wrong;
        }

        using (RtlSimulation rtl = Core(fault, new RtlSimulation(_machine, RtlModel.Mutants, earlyBeats: true)))
        {
            if (FirstWrong(rtl, _early) is { } wrong) return wrong;
        }

        using (RtlSimulation rtl = Core(fault, new RtlSimulation(_machine, RtlModel.Mutants, stallSeed: 7))) return FirstWrong(rtl, _stalled);
    }

    private static RtlSimulation Core(int fault, RtlSimulation rtl)
    {
        rtl.Mutate(fault);
        rtl.Reset();
        return rtl;
    }

    private static string? FirstWrong(RtlSimulation rtl, List<Step> steps)
    {
        foreach (Step step in steps)
        {
            try
            {
                if (!step.Holds(rtl)) return step.Name;
            }
            catch (InvalidOperationException)
            {
                return $"{step.Name}: the port's protocol";
            }
        }

        return null;
    }

    private static void AddProgram(List<Step> steps, string name, ExpectedRun run) => steps.Add(new Step(name, run.IsMetBy));

    private static bool LeaveAndReset(RtlSimulation rtl, ExpectedRun run)
    {
        run.Abandon(rtl, run.Cycles / 2);
        rtl.Reset();
        return true;
    }

    private static bool HostPortHolds(RtlSimulation rtl, ExpectedRun run) => run.Differences(rtl, byHostPort: true).Length == 0;

    private void AddForms()
    {
        IReadOnlyList<IllegalForm> forms = IllegalForms.On(_machine);
        for (int n = 0; n < forms.Count; n++)
        {
            GeneratedProgram legal = ProgramGenerator.Make(_machine, n, new GeneratorOptions(Length: n % 4));
            List<Instruction> code = [.. legal.Instructions];
            code.Insert(code.Count - 1, forms[n].Instruction);
            AddProgram(_onTime, $"form: {forms[n].Rule}", new ExpectedRun(Rewritten.With(legal, code), legal: false));
        }
    }

    private sealed record Step(string Name, Func<RtlSimulation, bool> Holds);
}
