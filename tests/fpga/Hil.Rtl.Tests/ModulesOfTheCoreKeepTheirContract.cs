using Hil.Contract.Emit;
using Hil.Contract.Machines;
using Xunit.Abstractions;

namespace Hil.Rtl.Tests;

/// <summary>
/// Modules of the core in benches of their own (<c>tests/fpga/benches</c>), with pauses wherever one may wait, resets anywhere, and models written from
/// docs/timing.md and docs/numerics.md; the assertions of the modules are on. HIL_TEST_FULL=1: five seeds, the wide machine too, and every planted fault.
/// </summary>
public sealed class ModulesOfTheCoreKeepTheirContract(ITestOutputHelper output) : IDisposable
{
    private const string Board = "icebreaker";

    /// <summary>Whole instructions at once, a writable region, all counters.</summary>
    private const string Large = "ulx3s-85f";
    private const string Fetch = "hil_fetch";
    private const string LoadStream = "hil_load_stream";
    private const string Counters = "hil_counters_basic";
    private const string Scratchpad = "hil_scratchpad";
    private const string Accumulators = "hil_accumulators";
    private const string Load = "hil_load";
    private const string Compute = "hil_compute";
    private const string Store = "hil_store";
    private const string WideBuffer = "hil_buffer_wide";
    private const string SerialNumber = "hil_serial_number";
    private const string SerialDivide = "hil_serial_divide";
    private const string SerialSums = "hil_serial_sums";
    private const string SerialAdder = "hil_serial_adder";
    private const string SerialStore = "hil_serial_store";
    private const string SerialControl = "hil_serial_control";
    private const string Control = "hil_control";
    internal const string Registers = "hil_registers";

    /// <summary>The core behind its registers.</summary>
    private const string Whole = "hil_system";

    private readonly string _folder = Directory.CreateTempSubdirectory("hil-modules-").FullName;

    public static TheoryData<string, string, string> Runs()
    {
        var runs = new TheoryData<string, string, string>
        {
            { Fetch, Board, "" }, { LoadStream, Board, "" }, { Counters, Board, Share.IsFull ? "+long=5000000" : "" }, { Scratchpad, Board, "" },
            { Accumulators, Board, "" }, { Load, Board, "" }, { Compute, Board, "" }, { Store, Large, "" }, { WideBuffer, Large, "" },
            { SerialNumber, Board, "" }, { SerialDivide, Board, "" }, { SerialSums, Board, "" }, { SerialAdder, Board, "" }, { SerialStore, Board, "" },
            { SerialControl, Board, "" }, { Control, Large, "" }, { Registers, Board, "" }, { Registers, Board, "-GWord=1" }, { Whole, Board, "" }, { Whole, Large, "" },
        };
        if (!Share.IsFull) return runs;
        foreach (string bench in new[] { LoadStream, Load, Compute }) runs.Add(bench, Large, "");
        foreach (string bench in new[] { Load, Compute, Store, WideBuffer }) runs.Add(bench, "arty-a7-100t", "");
        runs.Add(Scratchpad, Board, "-GBanks=2 -GClients=3");
        runs.Add(Accumulators, Board, "-GColumns=2");
        return runs;
    }

    [SkippableTheory]
    [MemberData(nameof(Runs))]
    public void Each_cycle_is_as_the_model_has_it(string bench, string machine, string arguments)
    {
        for (int seed = 1; seed <= Share.Of(1, 5); seed++)
        {
            (int exit, string said) = Bench.Run(bench, [$"package={Package(machine)}", .. Bench.Words(arguments), $"+seed={seed}"]);
            output.WriteLine(said);
            Assert.True(exit == 0, said);
            Assert.Matches("bench: [1-9]", said);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(ModuleFaults.All), MemberType = typeof(ModuleFaults))]
    public void A_planted_fault_is_found(string bench, string machine, string file, string text, string replacement)
    {
        string rtl = PlantedSources.Copy(Path.Combine(_folder, "rtl"), file, text, replacement);
        (int exit, string said) = Bench.Run(bench, [$"package={Package(machine)}", $"rtl={rtl}"]);
        output.WriteLine(said);
        // What the bench or an assertion says, not that it could not be built.
        Assert.True(exit != 0, said);
        Assert.Contains("Assertion failed in", said, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Package(string machine)
    {
        string package = Path.Combine(_folder, $"{machine}.sv");
        File.WriteAllText(package, SystemVerilogMachine.Emit(MachineFile.Bundled(machine)));
        return package;
    }
}
