using Hil.Compiler.Plans;
using Hil.Compiler.Scheduling;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;

namespace Hil.Compiler.Tests.Scheduling;

/// <summary>The scheduler's clock, cycle by cycle: dispatch, queues, fetches, and the port that fetches share with loads.</summary>
public sealed class TheClockCountsFetches
{
    // 16 cycles of latency, eight beats of 8 bytes, and two of the port's own.
    private const int Fetch = 16 + 8 + 2;

    private static readonly Machine Machine = TestMachines.Wide();

    [Fact]
    public void The_second_group_is_asked_for_with_the_first()
    {
        var clock = new MachineClock(Machine);

        long[] starts = [.. Enumerable.Range(0, 9).Select(i => Commit(clock, i % 2 == 0 ? Unit.Vector : Unit.Compute, 1).Start)];

        // Four instructions a group, one a cycle; the third group is asked for when the second is dispatched.
        Assert.Equal([1, 2, 3, 4, Fetch + 1, Fetch + 2, Fetch + 3, Fetch + 4, (2 * Fetch) + 1], starts);
    }

    [Fact]
    public void A_full_queue_holds_dispatch_up()
    {
        var clock = new MachineClock(Machine with { Issue = Machine.Issue with { QueueDepth = 1, FetchInstructions = 64 } });

        Operation first = Commit(clock, Unit.Vector, 10), second = Commit(clock, Unit.Vector, 10), third = Commit(clock, Unit.Vector, 10), other = Commit(clock, Unit.Compute, 10);

        Assert.Equal((1L, 12L, 23L), (first.Start, second.Start, third.Start));
        // The third was dispatched when the second began, and the other behind it.
        Assert.Equal(second.Start + 3, other.Start);
    }

    [Fact]
    public void A_load_waits_for_the_port_and_pays_for_the_fetch_that_it_meets()
    {
        var clock = new MachineClock(Machine);
        Operation first = Commit(clock, Unit.Load, 100, isConstant: true), second = Commit(clock, Unit.Load, 10, isConstant: true);
        Commit(clock, Unit.Vector, 1);
        Operation fourth = Commit(clock, Unit.Vector, 1), load = Commit(clock, Unit.Load, 10, isConstant: true);

        Assert.Equal((1L, 102L), (first.Start, first.End));
        Assert.Equal((103L, 114L), (second.Start, second.End));
        Assert.Equal(115L, load.Start);
        Assert.Equal(load.Start + 1 + 10 + Fetch, load.End);
        Assert.True(fourth.Start < load.Start);
    }

    private static Operation Commit(MachineClock clock, Unit unit, long duration, bool isConstant = false)
    {
        var op = new Operation(StepKind.LayerNorm, unit, Instruction.Of(LayerNorm.Definition), 0) { Constant = isConstant ? new Constant([]) : null, Duration = duration };
        clock.Commit(op);
        return op;
    }
}
