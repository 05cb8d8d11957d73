using System.Globalization;
using Hil.Contract;
using Hil.Contract.Emit;
using Hil.Contract.Machines;

namespace Hil.Jobs.Bitstreams;

/// <summary>
/// Builds a board's design with Yosys, nextpnr-ice40 and icepack. For the iCE40 the whole is mapped at once, and a cell belongs to the block whose net
/// it is named after; for other families each block is mapped on its own. The whole is packed, placed and routed once for each seed, and the
/// fastest becomes the bitstream.
/// </summary>
/// <param name="board">The board.</param>
/// <param name="folder">Gets the tools' inputs, outputs and logs.</param>
/// <param name="progress">Gets a line for each step.</param>
public sealed class BitstreamBuild(Board board, string folder, Action<string> progress)
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(2);

    /// <summary>Tools by family with the Debian package of each.</summary>
    private static IEnumerable<(string Tool, string Package)> ToolsOf(ChipFamily family) => family == ChipFamily.Ice40
        ? [("yosys", "yosys"), ("nextpnr-ice40", "nextpnr-ice40"), ("icepack", "fpga-icestorm")]
        : [("yosys", "yosys")];

    /// <summary>Builds it, or only counts it where there are no seeds; the bitstream is null where the result's verdict says that there is none.</summary>
    /// <exception cref="HilException">A tool is missing or fails, or a block is missing in the netlist.</exception>
    public async Task<(BuildResult Result, byte[]? Bitstream)> RunAsync(IReadOnlyList<int> seeds, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        foreach ((string tool, string package) in ToolsOf(board.Family))
        {
            if (ChildProcess.Find(tool) is null)
                throw new HilException(ExitKind.Device, $"{tool} is not installed.", "hil build", $"Install it, on Debian: apt-get install {package}.");
        }

        Directory.CreateDirectory(folder);
        var result = new BuildResult(
            board.Name, $"{board.Family} {board.Part} {board.Package}".ToLowerInvariant(), board.Machine.Name, MachineFile.Hash(board.Machine), Identity.ContractHash,
            board.SourcesHash(),
            await VersionsAsync(cancel), board.IsTrial, BuildVerdict.Counted, board.ClockMegahertz, Math.Round(board.FloorMegahertz, 3),
            [], [], [], null, null, null, null);
        progress($"{board.Name}: synthesising {board.Top} from {board.Sources.Count} files");
        await SynthesiseAsync(cancel);
        result = result with { NetlistHash = NetlistIdentity.Hash(At("netlist.json"), board.Top) };
        if (board.Family != ChipFamily.Ice40)
        {
            IReadOnlyList<BlockCount> counts = NetlistCount.Of(board, At("netlist.json"));
            result = result with { Blocks = counts, Resources = Sum(counts) };
            return (result.Over.Any() ? result with { Verdict = BuildVerdict.DoesNotFit } : result, null);
        }

        await RunAsync("nextpnr-ice40", [.. Place(), "--pack-only", "--write", At("packed.json"), "--log", At("pack.log")], "pack.out", cancel);
        result = result with
        {
            Resources = PlacementReport.Packed(board, At("pack.log")),
            Blocks = NetlistCount.Of(board, At("packed.json"), At("netlist.json")),
        };
        if (result.Over.Any()) return (result with { Verdict = BuildVerdict.DoesNotFit }, null);
        if (seeds.Count == 0) return (result, null);
        return await PlaceAsync(result, seeds, cancel);
    }

    private async Task<(BuildResult Result, byte[]? Bitstream)> PlaceAsync(BuildResult result, IReadOnlyList<int> seeds, CancellationToken cancel)
    {
        var done = new (double Megahertz, SlowestPath? Slowest)?[seeds.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, seeds.Count), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancel },
            async (i, stop) =>
            {
                string seed = seeds[i].ToString(CultureInfo.InvariantCulture);
                int? exit = await TryAsync(
                    "nextpnr-ice40",
                    [.. Place(), "--seed", seed, "--report", At($"report-{seed}.json"), "--asc", At($"{seed}.asc"), "--log", At($"place-{seed}.log")],
                    $"place-{seed}.out", stop);
                done[i] = exit == 0 && File.Exists(At($"report-{seed}.json")) ? PlacementReport.Placed(At($"report-{seed}.json")) : null;
                progress(done[i] is { } d ? $"{board.Name}: seed {seed} makes {d.Megahertz:0.00} MHz" : $"{board.Name}: seed {seed} was not placed or not routed");
            });
        result = result with { Seeds = [.. seeds.Select((s, i) => new SeedResult(s, done[i]?.Megahertz))] };
        int best = Enumerable.Range(0, seeds.Count).MaxBy(i => done[i]?.Megahertz ?? 0);
        if (done[best] is not { } fastest) return (result with { Verdict = BuildVerdict.NotPlaced }, null);

        await RunAsync("icepack", [At($"{seeds[best]}.asc"), At("bitstream.bin")], "icepack.log", cancel);
        result = result with
        {
            Verdict = fastest.Megahertz >= board.FloorMegahertz ? BuildVerdict.MakesItsClock : BuildVerdict.MissesItsClock,
            Seed = seeds[best],
            Megahertz = fastest.Megahertz,
            SlackNanoseconds = Math.Round(1000 / board.ClockMegahertz - 1000 / fastest.Megahertz, 2),
            Slowest = fastest.Slowest,
        };
        return (result, await File.ReadAllBytesAsync(At("bitstream.bin"), cancel));
    }

    private async Task SynthesiseAsync(CancellationToken cancel)
    {
        string package = At("hil_machine_pkg.sv");
        await File.WriteAllTextAsync(package, SystemVerilogMachine.Emit(board.Machine), cancel);
        string synth = board.Family switch
        {
            ChipFamily.Ice40 => $"script {Path.GetFileName(board.MapFiles[0])}",
            ChipFamily.Ecp5 => $"synth_ecp5 -top {board.Top}",
            _ => $"synth_xilinx -family xc7 -top {board.Top}",
        };
        string modules = string.Join(' ', board.Blocks.Select(b => $"*{b.Module}*"));
        // Paths are quoted, because the one to a clone may hold blanks; that of an included file cannot be.
        foreach (string file in Directory.GetFiles(board.IncludeFolder, "*.svh").Concat(board.MapFiles)) File.Copy(file, At(Path.GetFileName(file)), overwrite: true);
        string sources = string.Join(' ', new[] { package }.Concat(board.Sources).Select(f => $"\"{f}\""));
        string[] script =
        [
            $"read_verilog -defer -sv -I. {sources}",
            $"hierarchy -top {board.Top}",
            .. modules.Length == 0 || board.Family == ChipFamily.Ice40 ? (string[])[synth] :
            [
                $"setattr -mod -set keep_hierarchy 1 {modules}", synth, $"setattr -mod -unset keep_hierarchy {modules}", "flatten", "opt_clean",
            ],
            "write_json netlist.json",
        ];
        await File.WriteAllLinesAsync(At("synthesis.ys"), script, cancel);
        await RunAsync("yosys", ["-q", "-l", At("synthesis.log"), "-s", At("synthesis.ys")], "synthesis.out", cancel);
    }

    private string[] Place() =>
    [
        "-q", $"--{board.Part}", "--package", board.Package, "--freq", board.ClockMegahertz.ToString(CultureInfo.InvariantCulture),
        "--timing-allow-fail", "--pcf", board.Constraints!, "--json", At("netlist.json"),
    ];

    private Utilization[] Sum(IReadOnlyList<BlockCount> counts) =>
        [.. ChipResources.Of(board.Family).Select((r, i) => new Utilization(r.Name, Math.Ceiling(counts.Sum(c => c.Taken[i])), r.Available))];

    private async Task<IReadOnlyDictionary<string, string>> VersionsAsync(CancellationToken cancel)
    {
        var versions = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string tool, string package) in ToolsOf(board.Family))
        {
            // icepack has no version; its Debian package would be the only source.
            if (tool == "icepack") continue;
            await TryAsync(tool, [tool == "yosys" ? "-V" : "--version"], "version.out", cancel);
            versions[tool] = (await File.ReadAllTextAsync(At("version.out"), cancel)).Trim();
        }

        return versions;
    }

    private string At(string name) => Path.Combine(folder, name);

    private async Task RunAsync(string tool, string[] arguments, string log, CancellationToken cancel)
    {
        if (await TryAsync(tool, arguments, log, cancel) is not 0)
        {
            string[] last = [.. File.ReadLines(At(log)).Where(l => l.Length > 0).TakeLast(5)];
            throw new HilException(
                ExitKind.Device, $"{tool} failed: {string.Join('\n', last)}", board.Name, $"Its logs are in {folder}.");
        }
    }

    private Task<int?> TryAsync(string tool, string[] arguments, string log, CancellationToken cancel) =>
        ChildProcess.RunAsync(ChildProcess.Find(tool)!, arguments, folder, At(log), null, Limit, cancel);
}
