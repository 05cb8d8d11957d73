using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Hil.Cli.Jobs;
using Hil.Contract;
using Hil.Jobs.Bitstreams;

namespace Hil.Cli.Verbs;

internal static class BuildVerb
{
    private const int MostSeeds = 64;

    public static Command Create(Terminal terminal)
    {
        var board = new Argument<string>("board")
        {
            Description = "Board of this repository, a board file, or a bundle (.hilbit) to print what it is.",
            HelpName = "name|file",
        };
        var seeds = new Option<int[]>("--seeds")
        {
            Description = "Seeds of the placer, such as 1,2,3; the fastest becomes the bitstream.",
            HelpName = "list",
            DefaultValueFactory = _ => [1, 2, 3, 4, 5],
            CustomParser = Seeds,
        };
        Option<string?> output = CommonOptions.Out("The bundle; default: build/DESIGN/DESIGN.hilbit, beside the tools' logs.");
        Option<bool> json = CommonOptions.Json();
        var command = new Command("build", AllVerbs.Describe(
            "Build a board's bitstream: synthesis, place and route over several seeds, timing, and a bundle (.hilbit) of it all.",
            "build icebreaker", "build icebreaker --seeds 1,2,3 --json", "build build/icebreaker/icebreaker.hilbit"))
        {
            board, seeds, output, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            string name = parsed.GetValue(board)!;
            if (name.EndsWith(".hilbit", StringComparison.Ordinal))
            {
                Print(terminal, ReadBundle(name).Result, name, parsed.GetValue(json));
                return 0;
            }

            Board described = Board.Load(name);
            // One board has several designs, each in a file of its own.
            string design = name.EndsWith(".json", StringComparison.Ordinal) && Path.GetFileName(name) != Board.FileName
                ? $"{described.Name}-{Path.GetFileNameWithoutExtension(name)}"
                : described.Name;
            string folder = Path.Combine(Environment.CurrentDirectory, "build", design);
            string file = Path.GetFullPath(parsed.GetValue(output) ?? Path.Combine(folder, design + ".hilbit"));
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            (BuildResult result, byte[]? bitstream) =
                await new BitstreamBuild(described, folder, terminal.Progress).RunAsync(parsed.GetValue(seeds)!, cancel);
            if (bitstream is not null) AtomicFile.Write(file, new BitstreamBundle(result, bitstream).Bytes());
            Print(terminal, result, bitstream is null ? null : file, parsed.GetValue(json));
            return (int)(result.Verdict switch
            {
                BuildVerdict.Counted or BuildVerdict.MakesItsClock => ExitKind.Done,
                BuildVerdict.MissesItsClock => ExitKind.GateFailed,
                _ => ExitKind.Unsupported,
            });
        });
        return command;
    }

    private static BitstreamBundle ReadBundle(string file) => File.Exists(file)
        ? BitstreamBundle.Read(File.ReadAllBytes(file), file)
        : throw new HilException(ExitKind.BadInput, "There is no such file.", file, "Check its name, or make it with hil build.");

    private static int[]? Seeds(System.CommandLine.Parsing.ArgumentResult result)
    {
        string[] words = [.. result.Tokens.SelectMany(t => t.Value.Split(','))];
        int[] seeds = [.. words.Select(w => int.TryParse(w, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : -1)];
        if (seeds.Length is 0 or > MostSeeds || seeds.Any(s => s < 0) || seeds.Distinct().Count() != seeds.Length)
        {
            result.AddError($"--seeds is a list of 1 to {MostSeeds} different whole numbers, such as 1,2,3.");
            return null;
        }

        return seeds;
    }

    private static void Print(Terminal terminal, BuildResult result, string? file, bool json)
    {
        if (json)
        {
            JsonObject all = JsonObject.Create(BitstreamBundle.Json(result))!;
            all["schema"] = BuildResult.Schema;
            all["objection"] = result.Objection;
            all["file"] = file;
            Outputs.Write(terminal, all);
            return;
        }

        foreach (string line in Lines(result, file)) terminal.Out.WriteLine(line);
    }

    private static IEnumerable<string> Lines(BuildResult r, string? file)
    {
        yield return ResultText.Row("board", $"{r.Board}, {r.Chip}, machine {r.Machine}{(r.Trial ? "; a trial with stand-ins" : "")}");
        foreach (Utilization u in r.Resources)
        {
            string over = u.Used > u.Available ? $"; {Amount(u.Used - u.Available)} over" : "";
            yield return ResultText.Row(u.Resource, $"{Amount(u.Used)} of {Amount(u.Available)} ({100 * u.Used / u.Available:0.0} %{over})");
        }

        int width = r.Blocks.Max(b => b.Name.Length);
        yield return $"{"".PadRight(width)}  {string.Join("  ", r.Resources.Select(u => u.Resource.PadLeft(Width(u))))}";
        foreach (BlockCount b in r.Blocks.OrderByDescending(b => b.Taken[0]))
        {
            string taken = string.Join("  ", r.Resources.Zip(b.Taken, (u, n) => Amount(n).PadLeft(Width(u))));
            yield return $"{b.Name.PadRight(width)}  {taken}  {(b.StandIn ? "stand-in: " : "")}{b.Is}";
        }

        foreach (SeedResult s in r.Seeds)
        {
            yield return ResultText.Row($"seed {s.Seed}", s.Megahertz is { } mhz ? $"{mhz:0.00} MHz" : "not placed or not routed");
        }

        if (r.Slowest is { } path)
        {
            yield return ResultText.Row(
                "limited by", $"{path.Nanoseconds:0.0} ns, {path.LogicNanoseconds:0.0} of it in cells: {string.Join(" > ", path.Nets.Take(6))}");
        }

        yield return ResultText.Row("verdict", Verdict(r));
        if (file is not null) yield return ResultText.Row("bundle", r.Objection is { } no ? $"{file}; not for loading: {no}" : file);
    }

    /// <summary>Whole numbers but for half block RAMs.</summary>
    private static string Amount(double n) => n == Math.Floor(n) ? ResultText.Count(n) : n.ToString("0.0", CultureInfo.InvariantCulture);

    private static int Width(Utilization u) => Math.Max(6, u.Resource.Length);

    private static string Verdict(BuildResult r) => r.Verdict switch
    {
        BuildVerdict.Counted => "synthesised and counted; what places it is not run from here (docs/how-to/bitstreams.md)",
        BuildVerdict.DoesNotFit => $"does not fit: {string.Join(", ", r.Over.Select(o => $"{Amount(o.Over)} {o.Resource} too many"))}; nothing was placed",
        BuildVerdict.NotPlaced => "no seed was placed and routed",
        BuildVerdict.MissesItsClock => $"misses its clock: {r.Megahertz:0.00} MHz with seed {r.Seed}, {r.FloorMegahertz:0.00} MHz wanted",
        _ => $"makes its clock: {r.Megahertz:0.00} MHz with seed {r.Seed}, {r.FloorMegahertz:0.00} MHz wanted; {r.SlackNanoseconds:0.00} ns to spare",
    };
}
