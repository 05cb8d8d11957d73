using Hil.Contract.Isa;
using Hil.Contract.Records;
using Hil.Emulator.Timing;

namespace Hil.Emulator.Tests;

public sealed class CountersAddUp
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void For_every_unit_and_the_dispatcher(int seed)
    {
        var random = new Random(seed);
        var code = new List<Instruction>();
        for (int n = 0; n < 200; n++)
        {
            code.Add(random.Next(5) switch
            {
                0 => Code.Of(LoadWeights.Definition, (LoadWeights.Main, 65536), (LoadWeights.Tiles, 1 + random.Next(60))),
                1 => Code.Of(Compute.Definition, (Compute.Rows, 1 + random.Next(60)), (Compute.Tiles, random.Next(4))),
                2 => Code.Of(Store.Definition, (Store.Main, 131072 + (16 * random.Next(99))), (Store.Rows, 1 + random.Next(9)), (Store.RowWords, 9)),
                3 => Code.Of(Map.Definition, (Map.Rows, 1 + random.Next(9)), (Map.Columns, 9), (Map.WideSource, 1)),
                _ => Code.Of(LoadParameters.Definition, (LoadParameters.Main, 65536), (LoadParameters.Count, 2 + (2 * random.Next(9)))),
            });
        }

        code.Add(Code.Of(End.Definition));
        Counters c = TimingPass.Run(TestMachines.WorkedExample, TestMachines.Program(code)).Counters;
        foreach (Unit u in Units.Executing)
        {
            int n = (int)u;
            long stalls = Enumerable.Range(0, Units.Count).Sum(p => c.Stall[(n * Units.Count) + p]);
            Assert.Equal(c.Cycles, c.Busy[n] + c.Issue[n] + c.Idle[n] + c.PortWait[n] + stalls);
            Assert.Equal(c.Retired[n], c.Issue[n]);
        }

        Assert.Equal(
            c.Cycles,
            c.DispatchBusy + c.DispatchStarved + c.DispatchDraining + c.DispatchStopped + c.DispatchFull.Sum());
        Assert.Equal(200, c.Retired.Sum());
    }
}
