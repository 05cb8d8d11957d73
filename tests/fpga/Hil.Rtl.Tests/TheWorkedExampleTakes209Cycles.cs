using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Devices;

namespace Hil.Rtl.Tests;

/// <summary>docs/timing.md section 10, number by number.</summary>
public sealed class TheWorkedExampleTakes209Cycles
{
    [SkippableFact]
    public void On_the_rtl()
    {
        Skip.If(RtlBuild.Missing is not null, $"No RTL simulation: {RtlBuild.Missing}.");
        Machine machine = TestMachines.WorkedExample;
        Instruction[] program =
        [
            Instruction.Of(LoadWeights.Definition, (LoadWeights.Main, 0x100u), (LoadWeights.Tiles, 2u)).WithTokens(UnitSet.None, UnitSet.Compute),
            Instruction.Of(Compute.Definition, (Compute.Rows, 8u), (Compute.Tiles, 2u), (Compute.Stride, 2u)).WithTokens(UnitSet.Load, UnitSet.None),
            Instruction.Of(End.Definition),
        ];
        var image = new byte[program.Length * Instruction.Bytes];
        for (int i = 0; i < program.Length; i++) program[i].WriteTo(image.AsSpan(i * Instruction.Bytes));

        using var rtl = new RtlSimulation(machine, RtlModel.Assertions);
        rtl.WriteMain(0, image);
        rtl.Start(0, program.Length);
        Assert.True(rtl.Run(1000));
        Counters counters = rtl.Counters();

        Assert.Equal(TrapRecord.None, rtl.Trap());
        Assert.Equal(209, counters.Cycles);
        Assert.Equal((59, 1, 149), (counters.Busy[0], counters.Issue[0], counters.Idle[0]));
        Assert.Equal((32, 1, 117), (counters.Busy[1], counters.Issue[1], counters.Idle[1]));
        Assert.Equal(59, counters.Stall[(1 * Units.Count) + 0]);
        Assert.Equal((48, 20, 0), (counters.FetchBytes, counters.LoadBytes, counters.StoreBytes));
        Assert.Equal((2, 16), (counters.Tiles, counters.StreamedRows));
        Assert.Equal(
            [new Retirement(0, Unit.Load, 115, 174), new Retirement(1, Unit.Compute, 175, 207)],
            rtl.Trace().Select(t => t.Retirement));
    }
}
