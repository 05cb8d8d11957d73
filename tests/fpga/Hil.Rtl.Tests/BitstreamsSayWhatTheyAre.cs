using Hil.Contract;
using Hil.Jobs;
using Hil.Jobs.Bitstreams;

namespace Hil.Rtl.Tests;

/// <summary>
/// <c>hil build</c> all the way, with a small design: synthesis, place and route, bitstream, bundle; and what is refused. The board's own design
/// takes many minutes and is held to its record elsewhere.
/// </summary>
public sealed class BitstreamsSayWhatTheyAre : IDisposable
{
    private static readonly string BoardFile = Path.Combine(Repository.Root, "tests/fpga/boards/small/board.json");

    /// <summary>IndexW of the machine (hil_derived.svh): three bits less than an address of main memory.</summary>
    private const int IndexBits = 21;

    private readonly string _folder = Directory.CreateTempSubdirectory("hil-build-").FullName;

    [SkippableFact]
    public async Task A_design_becomes_the_same_bundle_each_time()
    {
        (BuildResult result, byte[]? bitstream) = await Build(Board.Load(BoardFile));
        Assert.Equal(BuildVerdict.MakesItsClock, result.Verdict);
        Assert.Equal([1, 2], result.Seeds.Select(s => s.Seed));
        Assert.Equal(result.Seeds.Max(s => s.Megahertz), result.Megahertz);
        Assert.True(result.Blocks.Single(b => b.Name == "u_count").Taken[0] >= result.Blocks.Single(b => b.Name == "u_delay").Taken[0]);
        Assert.Equal(result.Resources[0].Used, result.Blocks.Sum(b => b.Taken[0]));
        Assert.InRange(result.Slowest!.Nanoseconds - 1000 / result.Megahertz!.Value, -0.05, 0.05);
        Assert.Null(result.Objection);

        byte[] bundle = new BitstreamBundle(result, bitstream!).Bytes();
        BitstreamBundle read = BitstreamBundle.Read(bundle, "small.hilbit");
        Assert.Equal(bitstream, read.ForLoading("small.hilbit", forced: false));
        Assert.Equal(bundle, read.Bytes());
        (BuildResult again, byte[]? same) = await Build(Board.Load(BoardFile));
        Assert.Equal(bundle, new BitstreamBundle(again, same!).Bytes());
    }

    [SkippableFact]
    public async Task One_that_misses_its_clock_or_has_stand_ins_is_loaded_only_by_force()
    {
        Board board = Board.Load(BoardFile);
        (BuildResult slow, byte[]? bitstream) = await Build(board with { ClockMegahertz = 900 });
        Assert.Equal(BuildVerdict.MissesItsClock, slow.Verdict);
        Assert.True(slow.SlackNanoseconds < 0);
        Refused(new BitstreamBundle(slow, bitstream!), "990");

        (BuildResult trial, bitstream) = await Build(board with { Blocks = [.. board.Blocks.Select(b => b with { StandIn = b.Instance == "u_delay" })] });
        Assert.Equal(BuildVerdict.MakesItsClock, trial.Verdict);
        Refused(new BitstreamBundle(trial, bitstream!), "u_delay");

        static void Refused(BitstreamBundle bundle, string why)
        {
            var refusal = Assert.Throws<HilException>(() => bundle.ForLoading("x.hilbit", forced: false));
            Assert.Equal(ExitKind.Unsupported, refusal.Kind);
            Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
            Assert.Equal(bundle.Bitstream, bundle.ForLoading("x.hilbit", forced: true));
        }
    }

    [SkippableFact]
    public async Task A_design_larger_than_the_chip_is_counted_and_not_placed()
    {
        // 30 block RAMs are there, 31 are asked for.
        string large = Path.Combine(_folder, "large");
        Directory.CreateDirectory(large);
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(BoardFile)!)) File.Copy(file, Path.Combine(large, Path.GetFileName(file)));
        string top = Path.Combine(large, "small_top.sv");
        File.WriteAllText(top, File.ReadAllText(top).Replace("endmodule", """
              for (genvar i = 0; i < 31; i++) begin : gen_ram
                logic [15:0] mem[0:255];
                logic [15:0] q;
                always_ff @(posedge clk_i) begin
                  if (step_i) mem[count[7:0]] <= {i[4:0], count[10:0]};
                  q <= mem[count[9:2]];
                end
              end
              (* keep *) logic [30:0] kept_q;
              for (genvar i = 0; i < 31; i++) always_ff @(posedge clk_i) kept_q[i] <= ^gen_ram[i].q;
            endmodule
            """, StringComparison.Ordinal));
        string description = Path.Combine(large, "board.json");
        File.WriteAllText(description, File.ReadAllText(description)
            .Replace("../../../../fpga", Path.Combine(Repository.Root, "fpga"), StringComparison.Ordinal));
        (BuildResult result, byte[]? bitstream) = await Build(Board.Load(description));
        Assert.Null(bitstream);
        Assert.Equal(BuildVerdict.DoesNotFit, result.Verdict);
        Assert.Equal([("block RAM", 1)], result.Over);
        Assert.Empty(result.Seeds);
    }

    [SkippableTheory]
    [InlineData(ChipFamily.Ecp5)]
    [InlineData(ChipFamily.Xc7)]
    public async Task A_design_for_another_family_is_counted(ChipFamily family)
    {
        (BuildResult result, byte[]? bitstream) = await Build(Board.Load(BoardFile) with { Family = family });
        Assert.Null(bitstream);
        Assert.Equal(BuildVerdict.Counted, result.Verdict);
        // The counter's flip-flops are those of an instruction's index, and nobody else's.
        Assert.Equal(IndexBits, result.Blocks.Single(b => b.Name == "u_count").Taken[1]);
        Assert.True(result.Blocks.Single(b => b.Name == "u_delay").Taken.Sum() > 0);
        Assert.Equal(result.Blocks.Sum(b => b.Taken[1]), result.Resources[1].Used);
    }

    [Fact]
    public void A_damaged_bundle_is_refused()
    {
        var blocks = new[] { new BlockCount("u_core", "core", false, [1, 0, 0, 0]) };
        var result = new BuildResult(
            "small", "ice40 up5k sg48", "icebreaker", "00", "11", "22", new Dictionary<string, string> { ["yosys"] = "0.23" }, false,
            BuildVerdict.MakesItsClock, 24, 26.4, [new Utilization("cells", 1, 5280)], blocks, [new SeedResult(1, 30)], 1, 30, 8.33, null);
        byte[] bitstream = new byte[5000];
        new Random(1).NextBytes(bitstream);
        byte[] whole = new BitstreamBundle(result, bitstream).Bytes();
        Assert.Equal(bitstream, BitstreamBundle.Read(whole, "x").Bitstream);
        var random = new Random(2);
        for (int i = 0; i < 400; i++)
        {
            byte[] changed = i % 2 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            if (i % 2 == 1) changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                BitstreamBundle read = BitstreamBundle.Read(changed, "x");

                // A bit that no reader looks at, such as a time stamp: the content is as it was.
                Assert.Equal(whole, read.Bytes());
            }
            catch (HilException e)
            {
                Assert.Equal(ExitKind.BadInput, e.Kind);
            }
        }
    }

    [Theory]
    [InlineData("\"small_count.sv\"", "\"none.sv\"")]
    [InlineData("\"top\": \"small_top\"", "\"top\": \"small_top; exec -- rm\"")]
    [InlineData("\"machine\": \"icebreaker\"", "\"machine\": \"none\"")]
    [InlineData("\"core\": false", "\"core\": 1")]
    [InlineData("\"ice40\"", "\"stratix\"")]
    public void A_wrong_board_file_is_refused(string good, string bad)
    {
        string text = File.ReadAllText(BoardFile).Replace("../../../../fpga", Path.Combine(Repository.Root, "fpga"), StringComparison.Ordinal);
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(BoardFile)!)) File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        string copy = Path.Combine(_folder, "board.json");
        File.WriteAllText(copy, text);
        Board.Load(copy);
        Assert.Contains(good, text, StringComparison.Ordinal);
        File.WriteAllText(copy, text.Replace(good, bad, StringComparison.Ordinal));
        var refusal = Assert.Throws<HilException>(() => Board.Load(copy));
        Assert.True(refusal.Kind is ExitKind.BadInput or ExitKind.Usage, refusal.Message);
    }

    [Fact]
    public void The_boards_of_the_repository_can_be_read() =>
        Assert.All(Board.Names(), name => Assert.Equal(name, Board.Load(name).Name));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<(BuildResult Result, byte[]? Bitstream)> Build(Board board)
    {
        foreach (string tool in (string[])["yosys", "nextpnr-ice40", "icepack"])
        {
            Skip.If(ChildProcess.Find(tool) is null, $"{tool} is not installed.");
        }

        return new BitstreamBuild(board, Path.Combine(_folder, "out"), _ => { }).RunAsync([1, 2], CancellationToken.None);
    }
}
