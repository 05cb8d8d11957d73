using System.Text.Json.Nodes;
using Hil.Jobs;

namespace Hil.Cli.Tests;

/// <summary>Trace, lockstep, waveform and toggles from the command line.</summary>
public sealed class DevicesAreLookedInto : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hil-look-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string PathOf(string name) => Path.Combine(_folder, name);

    [Fact]
    public async Task The_emulator_writes_a_line_for_each_instruction()
    {
        CommandRun run = await CommandRun.Of("gemm", "8", "8", "8", "--trace", PathOf("trace.txt"));
        Assert.Equal(0, run.Exit);
        string[] lines = await File.ReadAllLinesAsync(PathOf("trace.txt"));
        Assert.Contains("crc32", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, l => l.Contains("COMPUTE", StringComparison.Ordinal));
        long[] retired = [.. lines.Skip(1).Select(l => long.Parse(l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(retired.Order(), retired);
    }

    /// <summary>In the long version with a waveform and toggles, whose cores are builds of their own.</summary>
    [SkippableFact]
    public async Task The_rtl_writes_the_same_lines_in_lockstep()
    {
        string? missing = AvailableDevices.List().Single(d => d.Name == "rtl").Missing;
        Skip.If(missing is not null, $"No RTL simulation: {missing}.");
        CommandRun emulator = await CommandRun.Of("gemm", "8", "8", "8", "--trace", PathOf("emulator.txt"));
        bool isFull = Environment.GetEnvironmentVariable("HIL_TEST_FULL") == "1";
        string[] more = isFull ? ["--waves", PathOf("w.fst"), "--waves-cycles", "10..20", "--toggles", PathOf("t.json")] : [];
        CommandRun rtl = await CommandRun.Of(["gemm", "8", "8", "8", "--device", "rtl", "--lockstep", "--trace", PathOf("rtl.txt"), "--json", .. more]);
        Assert.Equal((0, 0), (emulator.Exit, rtl.Exit));
        string[] lines = await File.ReadAllLinesAsync(PathOf("rtl.txt"));
        Assert.Equal(await File.ReadAllLinesAsync(PathOf("emulator.txt")), lines);
        Assert.Equal(lines.Length - 1, (int)rtl.Json["lockstep"]!["instructions"]!);
        Assert.Equal(isFull, File.Exists(PathOf("w.fst")));
        if (isFull)
        {
            JsonNode toggles = JsonNode.Parse(await File.ReadAllTextAsync(PathOf("t.json")))!;
            Assert.Equal((long)rtl.Json["cycles"]!["measured"]!, (long)toggles["cycles"]!);
            Assert.True((long)toggles["units"]!.AsArray().Single(u => (string?)u!["unit"] == "compute")!["toggles"]! > 0);
        }

        Assert.False(File.Exists("lockstep.fst"), "There was no difference to show.");
    }
}
