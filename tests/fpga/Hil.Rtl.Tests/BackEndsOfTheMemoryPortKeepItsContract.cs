using Hil.Devices;
using Xunit.Abstractions;

namespace Hil.Rtl.Tests;

/// <summary>
/// The back ends of the memory port in benches of their own (<c>tests/fpga/benches</c>): bursts of every length at random places, back to back and with
/// pauses, against an array and against a model of the flash chip; every byte, and every length as docs/timing.md has it. The assertions of the
/// modules are on. HIL_TEST_FULL=1: ten times the bursts, five seeds.
/// </summary>
public sealed class BackEndsOfTheMemoryPortKeepItsContract(ITestOutputHelper output)
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("HIL_TEST_FULL") == "1";

    private const string Ram = "hil_backend_ram";
    internal const string Flash = "hil_backend_flash";

    /// <summary>The flash's back end behind the pads of the iCEBreaker.</summary>
    private const string BringUp = "hil_icebreaker_bringup";

    /// <summary>Each back end as its source, with the parameters it is tried with.</summary>
    internal static IReadOnlyList<(string Bench, string Parameters)> OfSources { get; } =
    [
        (Ram, ""), (Ram, "-GBeatBytes=8 -GWordBytes=16 -GReadLatencyCycles=3 -GWriteLatencyCycles=2"),
        (Flash, ""), (Flash, "-GAsleep=0 -GContinuous=1 -GQe=1 -GLatencyCycles=15"),
    ];

    public static TheoryData<string, string> Runs()
    {
        var runs = new TheoryData<string, string> { { Flash, "gates" }, { BringUp, "" } };
        foreach ((string bench, string parameters) in OfSources) runs.Add(bench, parameters);
        return runs;
    }

    [SkippableTheory]
    [MemberData(nameof(Runs))]
    public void Bytes_and_cycles_are_right(string bench, string parameters)
    {
        for (int seed = 1; seed <= (Full ? 5 : 1); seed++)
        {
            (int exit, string said) = Bench.Run(bench, [.. Bench.Words(parameters), $"+seed={seed}", .. Full ? ["+bursts=4000"] : (string[])[]]);
            output.WriteLine(said);
            Assert.True(exit == 0, said);
            Assert.Matches("bench: [0-9]+ bursts, [1-9][0-9]* ", said);
        }
    }

    [SkippableFact]
    public void A_flash_whose_quad_mode_cannot_be_set_is_refused()
    {
        (int exit, string said) = Bench.Run(Flash, ["-GQeStuck=1"]);
        Assert.True(exit == 0, said);
        Assert.Contains("bench: refused after", said, StringComparison.Ordinal);
    }

    /// <summary>The bench can fail: 9 ns out, 29 ns in the flash and 4 ns back are more than the 41.7 ns of a cycle.</summary>
    [SkippableFact]
    public void A_flash_that_answers_too_late_is_noticed()
    {
        (int exit, string said) = Bench.Run(Flash, ["-GTclqvNs=29", "-GAsleep=0", "-GQe=1"]);
        Assert.True(exit != 0, said);
        Assert.Matches("byte 0 at|does not wake", said);
    }
}
