using Hil.Contract;
using Hil.Contract.Machines;

namespace Hil.Cli.Tests;

public sealed class ExitCodesSayWhatHappened : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hil-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string PathOf(string name) => Path.Combine(_folder, name);

    private string Written(string name, string contents)
    {
        File.WriteAllText(PathOf(name), contents);
        return PathOf(name);
    }

    private static async Task Ends(ExitKind kind, string named, params string[] args)
    {
        CommandRun run = await CommandRun.Of(args);
        Assert.Equal((int)kind, run.Exit);
        Assert.Contains(named, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    [Fact]
    public async Task Done_is_zero() => Assert.Equal(0, (await CommandRun.Of("gemm", "8", "8", "8")).Exit);

    [Theory]
    [InlineData("nonsense")]
    [InlineData("gemm", "8", "8")]
    [InlineData("gemm", "0", "8", "8")]
    [InlineData("gemm", "8", "8", "8", "--sparsity", "1")]
    [InlineData("gemm", "8", "8", "8", "--max-cycle-error", "much")]
    [InlineData("gemm", "8", "8", "8", "--machine", "toaster")]
    [InlineData("gemm", "8", "8", "8", "--device", "toaster")]
    [InlineData("gemm", "8", "8", "8", "--sparsity", "much")]
    [InlineData("gemm", "many", "8", "8")]
    [InlineData("gemm", "8", "8", "8", "--lockstep")]
    [InlineData("gemm", "8", "8", "8", "--toggles", "t.json")]
    [InlineData("gemm", "8", "8", "8", "--waves-cycles", "1..2")]
    [InlineData("gemm", "8", "8", "8", "--waves", "w.fst", "--waves-cycles", "2..1")]
    [InlineData("gemm", "8", "8", "8", "--waves", "w.fst", "--waves-cycles", "all")]
    [InlineData("run", "spoken-digits", "--samples", "0")]
    [InlineData("run", "spoken-digits", "--samples", "many")]
    [InlineData("demo", "--samples", "0")]
    [InlineData("prune", "spoken-digits", "--blocks", "many")]
    [InlineData("prune", "spoken-digits", "--blocks", "100%")]
    [InlineData("export", "spoken-digits", "--opset", "new")]
    [InlineData("serve", "--port", "any")]
    [InlineData("serve", "--workers", "all")]
    [InlineData("serve", "--port", "70000")]
    [InlineData("test", "--require", "some")]
    public Task Wrong_usage_is_two(params string[] args) => Ends(ExitKind.Usage, "hil: ", args);

    [Fact]
    public Task A_product_that_does_not_fit_is_three() =>
        Ends(ExitKind.Unsupported, "do not fit", "gemm", "4096", "512", "512");

    [Fact]
    public async Task A_program_for_another_machine_is_five()
    {
        CommandRun product = await CommandRun.Of("gemm", "8", "8", "8", "--program", PathOf("p.hilp"));
        Assert.Equal(0, product.Exit);
        await Ends(ExitKind.IdentityMismatch, "machine", "predict", PathOf("p.hilp"), "--machine", "lab-32x32");
    }

    [Theory]
    [InlineData("run", "/nowhere/model.onnx")]
    [InlineData("inspect", "/nowhere/model.onnx")]
    [InlineData("disasm", "/nowhere/p.hilp")]
    [InlineData("asm", "/nowhere/p.hil")]
    [InlineData("reconcile", "/nowhere/p.json", "/nowhere/m.json")]
    public Task A_missing_file_is_six_and_named(params string[] args) => Ends(ExitKind.BadInput, "/nowhere/", args);

    [Theory]
    [InlineData("inspect", "bad.onnx")]
    [InlineData("run", "bad.onnx")]
    [InlineData("run", "bad.hilp")]
    [InlineData("disasm", "bad.hilp")]
    [InlineData("predict", "bad.hilp")]
    [InlineData("asm", "bad.hil")]
    public Task A_damaged_file_is_six_and_named(string verb, string name) =>
        Ends(ExitKind.BadInput, name, verb, Written(name, "not what it says it is"));

    [Fact]
    public Task A_damaged_machine_file_is_six() =>
        Ends(ExitKind.BadInput, "m.json", "gemm", "8", "8", "8", "--machine", Written("m.json", "{ \"rows\": 4 }"));

    [Theory]
    [InlineData("disasm", "p.hilp", "--out", "p.hilp")]
    [InlineData("asm", "p.hilp")]
    [InlineData("predict", "p.hilp", "--out", "p.hilp")]
    [InlineData("predict", "p.hilp", "--out", "link.hilp")]
    [InlineData("run", "p.hilp", "--report", "p.hilp")]
    [InlineData("run", "p.hilp", "--data", "d.npz", "--measurement", "d.npz")]
    [InlineData("run", "p.hilp", "--report", "r.html", "--prediction", "r.html")]
    public async Task A_file_that_is_read_is_not_written_over(params string[] args)
    {
        Written("d.npz", "samples");
        await CommandRun.Of("gemm", "8", "8", "8", "--program", PathOf("p.hilp"));
        File.CreateSymbolicLink(PathOf("link.hilp"), PathOf("p.hilp"));
        byte[] before = File.ReadAllBytes(PathOf("p.hilp"));
        await Ends(ExitKind.Usage, _folder, [.. args.Select((a, i) => i == 0 || a.StartsWith('-') ? a : PathOf(a))]);
        Assert.Equal(before, File.ReadAllBytes(PathOf("p.hilp")));
        Assert.Equal("samples", File.ReadAllText(PathOf("d.npz")));
        Assert.False(File.Exists(PathOf("r.html")));
    }

    [Fact]
    public async Task What_is_wrong_with_a_long_file_is_said_shortly()
    {
        CommandRun run = await CommandRun.Of(
            "gemm", "8", "8", "8", "--machine", Written("m.json", "{\"rows\": fa\u001bse, \"name\": \"" + new string('x', 100_000) + "\"}"));
        Assert.Equal((int)ExitKind.BadInput, run.Exit);
        Assert.InRange(run.Error.Length, 20, 1000);
        Assert.DoesNotContain('\u001b', run.Error);
    }

    [Fact]
    public async Task A_program_goes_to_text_and_back_byte_for_byte()
    {
        await CommandRun.Of("gemm", "12", "20", "9", "--program", PathOf("p.hilp"));
        Assert.Equal(0, (await CommandRun.Of("disasm", PathOf("p.hilp"), "--out", PathOf("p.hil"))).Exit);
        Assert.Equal(0, (await CommandRun.Of("asm", PathOf("p.hil"), "--out", PathOf("q.hilp"))).Exit);
        Assert.Equal(File.ReadAllBytes(PathOf("p.hilp")), File.ReadAllBytes(PathOf("q.hilp")));
    }

    [Fact]
    public async Task A_machine_that_is_printed_reads_back_as_the_same_machine()
    {
        CommandRun printed = await CommandRun.Of("machines", "icebreaker");
        Machine read = MachineFile.Load(Written("mine.json", printed.Out));
        Assert.Equal(MachineFile.Hash(MachineFile.Bundled("icebreaker")), MachineFile.Hash(read));
    }
}
