using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Records;
using Hil.Specification.Timing;

namespace Hil.Specification.Tests.Timing;

/// <summary>docs/timing.md section 10.</summary>
public sealed class TheWorkedExampleOfTheDocumentHolds
{
    private static readonly Machine Small = new(
        "worked-example", "", true, 1_000_000, new ArrayShape(4, 2), new ScratchpadShape(2, 1024, 4), 16, 4, 16, 1, 4,
        new VectorShape(1, 0, 0, 0, 8, 10, 10), new IssueShape(1, 4, 1, 1000),
        [new MemoryRegion("flash", 0, 65536, false, 16, 16, 1, 2, 256, 0, 0, "")], CounterSet.Full, new EnergyModel(0, 0, 0, 0, 0, ""));

    private static readonly TimingResult Result = Interpreter.Run(
        Small,
        [
            Instruction.Of(LoadWeights.Definition, (LoadWeights.Tiles, 2u)).WithTokens(UnitSet.None, UnitSet.Compute),
            Instruction.Of(Compute.Definition, (Compute.Rows, 8u), (Compute.Tiles, 2u)).WithTokens(UnitSet.Load, UnitSet.None),
            Instruction.Of(End.Definition),
        ],
        0,
        _ => TrapReason.None);

    [Fact]
    public void Retirements() => Assert.Equal(
        [new Retirement(0, Unit.Load, 115, 174), new Retirement(1, Unit.Compute, 175, 207)], Result.Retirements);

    [Fact]
    public void Counters()
    {
        Counters c = Result.Counters;
        Assert.Equal(TrapRecord.None, Result.Trap);
        Assert.Equal(209, c.Cycles);
        Assert.Equal((59L, 1L, 149L), (c.Busy[0], c.Issue[0], c.Idle[0]));
        Assert.Equal((32L, 1L, 59L, 117L), (c.Busy[1], c.Issue[1], c.Stall[4], c.Idle[1]));
        Assert.Equal((48L, 20L, 0L), (c.FetchBytes, c.LoadBytes, c.StoreBytes));
        Assert.Equal((2L, 16L), (c.Tiles, c.StreamedRows));
    }
}
