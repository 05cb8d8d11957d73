namespace Hil.Jobs.Bitstreams;

/// <summary>How far a build came.</summary>
public enum BuildVerdict
{
    /// <summary>Synthesised and counted; the tools for the rest are not free or not at hand.</summary>
    Counted,

    /// <summary>Some block of the chip is needed more often than it is there; nothing was placed.</summary>
    DoesNotFit,

    /// <summary>Enough blocks, but no seed could be placed and routed.</summary>
    NotPlaced,

    /// <summary>There is a bitstream, slower by the timing analysis than the clock and its margin.</summary>
    MissesItsClock,

    /// <summary>There is a bitstream that makes its clock with the margin.</summary>
    MakesItsClock,
}

/// <summary>How often a kind of block is used, and how many there are.</summary>
public sealed record Utilization(string Resource, double Used, int Available);

/// <summary>One run of place and route.</summary>
/// <param name="Seed">The placer's seed.</param>
/// <param name="Megahertz">Highest frequency by the timing analysis; null where it was not placed or not routed.</param>
public sealed record SeedResult(int Seed, double? Megahertz);

/// <summary>What limits the clock: the slowest path between two registers.</summary>
/// <param name="From">The cell where it starts.</param>
/// <param name="To">The cell where it ends.</param>
/// <param name="Nanoseconds">Its length.</param>
/// <param name="LogicNanoseconds">In cells and set-up times, the rest is routing.</param>
/// <param name="Nets">The nets that it passes, in order, those with names of the source.</param>
public sealed record SlowestPath(string From, string To, double Nanoseconds, double LogicNanoseconds, IReadOnlyList<string> Nets);

/// <summary>What a build came to (<c>hil.build/1</c>): what it was made of and by, what it takes, how fast it is.</summary>
/// <param name="Board">Board name.</param>
/// <param name="Chip">Family, part and package.</param>
/// <param name="Machine">Machine name.</param>
/// <param name="MachineHash">Hash of the machine file.</param>
/// <param name="ContractHash">Hash of the contract.</param>
/// <param name="SourcesHash"><see cref="Bitstreams.Board.SourcesHash"/>.</param>
/// <param name="Tools">Versions, as the tools say them.</param>
/// <param name="Trial">Whether stand-ins take the place of parts.</param>
/// <param name="Verdict">How far it came.</param>
/// <param name="ClockMegahertz">The clock it is to run at.</param>
/// <param name="FloorMegahertz">With the margin.</param>
/// <param name="Resources">Of the whole chip.</param>
/// <param name="Blocks">Of each block.</param>
/// <param name="Seeds">Each run of place and route.</param>
/// <param name="Seed">The one whose bitstream this is; null without one.</param>
/// <param name="Megahertz">Its highest frequency.</param>
/// <param name="SlackNanoseconds">What is left of the period of the clock, margin not counted; negative if too slow.</param>
/// <param name="Slowest">What limits it.</param>
/// <param name="NetlistHash"><see cref="NetlistIdentity.Hash"/> of what was placed; null in bundles of programs that did not keep it.</param>
public sealed record BuildResult(
    string Board, string Chip, string Machine, string MachineHash, string ContractHash, string SourcesHash,
    IReadOnlyDictionary<string, string> Tools, bool Trial, BuildVerdict Verdict, double ClockMegahertz, double FloorMegahertz,
    IReadOnlyList<Utilization> Resources, IReadOnlyList<BlockCount> Blocks, IReadOnlyList<SeedResult> Seeds,
    int? Seed, double? Megahertz, double? SlackNanoseconds, SlowestPath? Slowest, string? NetlistHash = null)
{
    public const string Schema = "hil.build/1";

    /// <summary>The kinds that there are too few of, with the number over.</summary>
    public IEnumerable<(string Resource, double Over)> Over =>
        Resources.Where(r => r.Used > r.Available).Select(r => (r.Resource, r.Used - r.Available));

    /// <summary>Why this must not be loaded into a board without being forced; null where nothing speaks against it.</summary>
    public string? Objection => this switch
    {
        { Verdict: not (BuildVerdict.MakesItsClock or BuildVerdict.MissesItsClock) } => "there is no bitstream",
        { Trial: true } => $"it is a trial: {string.Join(", ", Blocks.Where(b => b.StandIn).Select(b => b.Name))} are stand-ins without their function",
        { Verdict: BuildVerdict.MissesItsClock } =>
            $"it makes {Megahertz:0.00} MHz by the timing analysis and must make {FloorMegahertz:0.00} MHz ({ClockMegahertz:0.##} MHz and the margin)",
        _ => null,
    };
}
