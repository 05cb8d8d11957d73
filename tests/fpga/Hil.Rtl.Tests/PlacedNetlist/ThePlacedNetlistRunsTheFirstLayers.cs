using Hil.Contract.Machines;
using Hil.Devices;
using Hil.Jobs.Bitstreams;
using Xunit.Abstractions;

namespace Hil.Rtl.Tests.PlacedNetlist;

/// <summary>
/// The netlist that <c>hil build icebreaker</c> places, known by the hash in its bundle, runs the first layers of spoken-digits from its pads: every
/// instruction's cycles, counters and all bytes of the scratchpad are the emulator's. With HIL_TEST_FULL=1 the whole model.
/// </summary>
[Collection(PlacedSketch.Collection)]
public sealed class ThePlacedNetlistRunsTheFirstLayers(PlacedSketch sketch, ITestOutputHelper output)
{
    /// <summary>Position, norm, the three projections and attention of the first encoder.</summary>
    private const int Layers = 6;

    private static readonly int PlantedFaults = Share.Of(4, 24);

    [SkippableFact]
    public async Task As_the_emulator_does()
    {
        Skip.If(RtlBuild.MissingForGates is not null, $"No netlist: {RtlBuild.MissingForGates}.");
        Machine machine = MachineFile.Bundled("icebreaker");
        var layers = new FirstLayers(machine, Share.Of(Layers, int.MaxValue));
        (BuildResult result, byte[]? bitstream) = await sketch.BuildAsync();
        string placed = Path.Combine(sketch.Folder, "netlist.json");
        byte[] bundle = new BitstreamBundle(result, bitstream!).Bytes();
        Assert.Equal(BitstreamBundle.Read(bundle, "icebreaker.hilbit").Result.NetlistHash, NetlistIdentity.Hash(placed, SimulatedNetlist.Top));
        var netlist = new SimulatedNetlist(placed);
        netlist.Open(PlantedFaults);
        string bench = Build(netlist);

        IReadOnlyList<string> differences = layers.Differences(NetlistRun.Of(bench, layers.Program, layers.Before, layers.Cycles + 1000));
        output.WriteLine(
            $"{layers.Program.Layers.Count} layers, the last {layers.Program.Layers[^1].Name}: {layers.Program.InstructionCount} instructions, {layers.Cycles} cycles");
        output.WriteLine($"netlist {result.NetlistHash}; {netlist.Removed.Count} cells left out: pads, PLL and registers of the stand-in controller");
        Assert.Empty(differences);
        Assert.All(netlist.Removed, cell => Assert.DoesNotContain("u_core", cell, StringComparison.Ordinal));

        var few = new FirstLayers(machine, 1);
        Assert.NotEmpty(few.Differences(NetlistRun.Of(bench, few.Program, few.Before, few.Cycles + 1000, NetlistRun.LateFlash)));
        int found = 0;
        Parallel.For(1, PlantedFaults + 1, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, fault =>
        {
            IReadOnlyList<string> seen = few.Differences(NetlistRun.Of(bench, few.Program, few.Before, few.Cycles + 1000, fault));
            lock (netlist) output.WriteLine($"{netlist.Faults[fault - 1]}: {(seen.Count > 0 ? seen[0] : "not found")}");
            if (seen.Count > 0) Interlocked.Increment(ref found);
        });
        Assert.True(found >= PlantedFaults / 2, $"{found} of {PlantedFaults} planted faults were found.");
    }

    private string Build(SimulatedNetlist netlist)
    {
        string file = Path.Combine(sketch.Folder, "simulated.json");
        netlist.Write(file);
        (int exit, string said) = Tool.Run(Path.Combine(Repository.Root, "tests/fpga/gates/build.sh"), [file, SimulatedNetlist.Top], Repository.Root);
        Assert.True(exit == 0, said);
        return said.Trim().Split('\n')[^1];
    }
}
