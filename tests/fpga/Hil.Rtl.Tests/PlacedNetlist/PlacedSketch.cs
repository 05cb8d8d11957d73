using Hil.Jobs;
using Hil.Jobs.Bitstreams;

namespace Hil.Rtl.Tests.PlacedNetlist;

/// <summary>The sketch of the UP5K, built once as <c>hil build icebreaker</c> builds it, for all who look at it.</summary>
public sealed class PlacedSketch : IDisposable
{
    public const string Collection = "the sketch of the UP5K, placed";

    /// <summary>A seed takes some minutes of a processor, so the short version places one of those that make the clock.</summary>
    private static readonly int[] Seeds = Share.IsFull ? [1, 2, 3, 4, 5] : [3];

    private readonly Lazy<Task<(BuildResult Result, byte[]? Bitstream)>> _built;

    public PlacedSketch() => _built = new(() => new BitstreamBuild(Board.Load("icebreaker"), Folder, _ => { }).RunAsync(Seeds, CancellationToken.None));

    /// <summary>What the tools wrote: <c>netlist.json</c> is what was placed.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("hil-fit-").FullName;

    /// <summary>Builds it the first time; a test skips where a tool is missing.</summary>
    public Task<(BuildResult Result, byte[]? Bitstream)> BuildAsync()
    {
        foreach (string tool in (string[])["yosys", "nextpnr-ice40", "icepack"]) Skip.If(ChildProcess.Find(tool) is null, $"{tool} is not installed.");
        return _built.Value;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>Tests that share the build.</summary>
[CollectionDefinition(PlacedSketch.Collection)]
public sealed class PlacedSketchCollection : ICollectionFixture<PlacedSketch>;
