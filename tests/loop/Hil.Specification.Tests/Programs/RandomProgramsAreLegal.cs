using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Records;
using Hil.Contract.Verification;
using Hil.Specification.Numerics;
using Hil.Specification.Programs;
using Hil.Specification.Timing;

namespace Hil.Specification.Tests.Programs;

public sealed class RandomProgramsAreLegal
{
    public static TheoryData<int> Blocks() => [.. Enumerable.Range(0, 8)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void They_have_legal_forms_run_to_their_end_and_never_race(int block)
    {
        for (int seed = block * 50; seed < (block + 1) * 50; seed++)
        {
            Machine machine = MachineGenerator.Make(seed / 5);
            GeneratedProgram generated = ProgramGenerator.Make(machine, seed);
            IReadOnlyList<Instruction> program = generated.Instructions;
            Assert.Empty(Verifier.Verify(generated.Program, machine));
            Assert.All(program, i => Assert.Equal((TrapReason.None, ""), FormRules.CheckWithText(i, machine)));

            new Executor(Prepared(generated)).Run(generated.Program);
            TimingResult timing = Interpreter.Run(machine, generated.Program, i => FormRules.Check(i, machine));
            Assert.Equal(TrapRecord.None, timing.Trap);
            Assert.Equal(program.Count - 1, timing.Retirements.Count);
            AssertNoRace(generated, timing);
            AssertCountersAddUp(timing.Counters);
            Assert.Equal(timing.Counters.Cycles, timing.LayerCycles(generated.Program.Layers).Sum());
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_program()
    {
        Machine machine = MachineGenerator.Make(3);
        Assert.Equal(
            ProgramGenerator.Make(machine, 9).Program.Image.ToArray(), ProgramGenerator.Make(machine, 9).Program.Image.ToArray());
    }

    [Fact]
    public void The_product_path_has_only_its_opcodes()
    {
        IEnumerable<Opcode> opcodes = Enumerable.Range(0, 100)
            .SelectMany(seed => ProgramGenerator.Make(MachineGenerator.Make(seed), seed, GeneratorOptions.ProductPath).Instructions)
            .Select(i => i.Opcode)
            .Distinct();
        Assert.Equal(
            [
                Opcode.End, Opcode.Load, Opcode.LoadWeights, Opcode.LoadDynamic, Opcode.LoadParameters, Opcode.LoadTable,
                Opcode.Compute, Opcode.Requantize, Opcode.Store,
            ],
            opcodes.Order());
    }

    private static DeviceState Prepared(GeneratedProgram generated)
    {
        var state = new DeviceState(generated.Machine, generated.PoisonSeed);
        foreach (HostWrite write in generated.HostWrites)
        {
            state.Main.Write(write.Address, write.Bytes);
        }

        return state;
    }

    /// <summary>What two instructions touch in common, one of them writing, they touch one after the other.</summary>
    private static void AssertNoRace(GeneratedProgram generated, TimingResult timing)
    {
        Retirement[] order = [.. timing.Retirements.OrderBy(r => r.Start)];
        for (int i = 0; i < order.Length; i++)
        {
            for (int j = i + 1; j < order.Length && order[j].Start <= order[i].Retire; j++)
            {
                string? conflict = RaceCheck.Conflict(
                    generated.Machine, generated.Program[order[i].Index], generated.Program[order[j].Index]);
                Assert.True(conflict is null, $"{generated}: {order[i]} and {order[j]} overlap on {conflict}.");
            }
        }
    }

    private static void AssertCountersAddUp(Counters c)
    {
        for (int u = 0; u < Units.Count; u++)
        {
            long stalls = Enumerable.Range(0, Units.Count).Sum(p => c.Stall[(u * Units.Count) + p]);
            Assert.Equal(c.Cycles, c.Busy[u] + c.Issue[u] + c.Idle[u] + c.PortWait[u] + stalls);
        }

        Assert.Equal(
            c.Cycles, c.DispatchBusy + c.DispatchDraining + c.DispatchStarved + c.DispatchStopped + c.DispatchFull.Sum());
    }
}
