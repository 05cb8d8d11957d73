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
    private const string Fetch = "hil_fetch";
    private const string LoadStream = "hil_load_stream";
    private const string Counters = "hil_counters_basic";
    private const string Scratchpad = "hil_scratchpad";
    private const string Accumulators = "hil_accumulators";

    private readonly string _folder = Directory.CreateTempSubdirectory("hil-modules-").FullName;

    public static TheoryData<string, string, string> Runs()
    {
        var runs = new TheoryData<string, string, string>
        {
            { Fetch, Board, "" }, { LoadStream, Board, "" }, { Counters, Board, Share.IsFull ? "+long=5000000" : "" }, { Scratchpad, Board, "" },
            { Accumulators, Board, "" },
        };
        if (!Share.IsFull) return runs;
        runs.Add(LoadStream, "ulx3s-85f", "");
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

    public static TheoryData<string, string, string, string> Faults()
    {
        var faults = new TheoryData<string, string, string, string>
        {
            // A new segment in the middle of a dispatch.
            { Fetch, "fetch/hil_dispatch.sv", "if (rst_i || last) phase_q <= '0;", "if (last) phase_q <= '0;" },
        };
        if (!Share.IsFull) return faults;
        faults.Add(Fetch, "fetch/hil_fetch.sv", "<= (CountW+1)'(2 * N)", "<= (CountW+1)'(2 * N - 1)");
        faults.Add(Fetch, "fetch/hil_fetch.sv", "if (popped_q && !trapped_i) head_q", "if (popped_q) head_q");
        faults.Add(Fetch, "fetch/hil_buffer_narrow.sv", "      found_q   <= 1'b0;", "      found_q   <= found_q;");
        faults.Add(LoadStream, "load/hil_load_stream.sv", "WordAddrW'(stride_i) - WordAddrW'(row_words_i)", "WordAddrW'(stride_i)");
        faults.Add(LoadStream, "load/hil_load_stream.sv", "      beat_q <= '0;\n      unit_q", "      unit_q");
        faults.Add(Counters, "counters/hil_counters_basic.sv", "once_more_q <= running_i;", "once_more_q <= 1'b0;");
        faults.Add(Scratchpad, "memory/hil_scratchpad.sv", "be    = be | be_i[", "be    = be | {WordBytes{we_i[k]}} | be_i[");
        faults.Add(Scratchpad, "memory/hil_scratchpad.sv", "if (bank_q == BankW'(b)) chosen", "if (bank_q >= BankW'(b)) chosen");
        faults.Add(Accumulators, "compute/hil_accumulators.sv", "{held[24:0], 7'b0}", "{held[25:0], 6'b0}");
        faults.Add(Accumulators, "compute/hil_accumulators.sv", "zero_i ? tag_i : chain_q", "chain_q");
        return faults;
    }

    [SkippableTheory]
    [MemberData(nameof(Faults))]
    public void A_planted_fault_is_found(string bench, string file, string text, string replacement)
    {
        string rtl = PlantedSources.Copy(Path.Combine(_folder, "rtl"), file, text, replacement);
        (int exit, string said) = Bench.Run(bench, [$"package={Package(Board)}", $"rtl={rtl}"]);
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
