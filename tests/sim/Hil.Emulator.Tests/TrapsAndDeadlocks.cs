using Hil.Contract.Isa;
using Hil.Contract.Records;
using Hil.Emulator.Timing;

namespace Hil.Emulator.Tests;

public sealed class TrapsAndDeadlocks
{
    private static readonly Instruction Stop = Code.Of(End.Definition);

    private static TimingResult Run(params Instruction[] code) =>
        TimingPass.Run(TestMachines.WorkedExample, TestMachines.Program(code));

    [Fact]
    public void A_reserved_opcode_traps_at_its_address() =>
        Assert.Equal(
            new TrapRecord(TrapReason.IllegalOpcode, 0),
            Run(new Instruction((UInt128)(uint)Opcode.ComputeSkipping), Stop).Trap);

    [Fact]
    public void What_is_in_flight_drains_and_what_follows_a_trap_does_not_run()
    {
        Instruction load = Code.Of(LoadTable.Definition, (LoadTable.Main, 65536));
        TimingResult result = Run(load, new Instruction((UInt128)63), load, Stop);
        Assert.Equal(new TrapRecord(TrapReason.IllegalOpcode, 1), result.Trap);
        Assert.Equal([true, false, false, false], result.Executed);
        Assert.Equal(256, result.Counters.LoadBytes);
        Assert.True(result.Counters.DispatchStopped > 256);
    }

    [Fact]
    public void A_token_that_never_comes_is_a_deadlock_after_the_machines_cycles()
    {
        TimingResult result = Run(
            Code.Of(Compute.Definition, (Compute.Rows, 1)).WithTokens(UnitSet.Load, UnitSet.None), Stop);
        Assert.Equal(new TrapRecord(TrapReason.Deadlock, 1), result.Trap);

        // Fetch: burst 2 … 81, appended; COMPUTE dispatched in 82; inactive from 83; the trap is seen one cycle later.
        Assert.Equal(82 + 5000 + 2, result.Counters.Cycles);
        Assert.Equal(5001 - 1, result.Counters.Stall[((int)Unit.Compute * Units.Count) + (int)Unit.Load]);
    }

    [Fact]
    public void The_sixteenth_token_overflows()
    {
        Instruction post = Code.Of(Compute.Definition, (Compute.Rows, 1)).WithTokens(UnitSet.None, UnitSet.Store);
        TimingResult result = Run([.. Enumerable.Repeat(post, 16), Stop]);
        Assert.Equal(new TrapRecord(TrapReason.TokenOverflow, 16), result.Trap);
    }

    [Fact]
    public void A_program_without_end_is_a_deadlock_at_its_count() =>
        Assert.Equal(
            new TrapRecord(TrapReason.Deadlock, 1), Run(Code.Of(Compute.Definition, (Compute.Rows, 1))).Trap);
}
