using Hil.Devices;

namespace Hil.Rtl.Tests;

/// <summary>The self-checking benches of <c>tests/fpga/benches</c>.</summary>
internal static class Bench
{
    public static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Builds one if need be and runs it; what it said and its exit code, 0 if it passed.</summary>
    public static (int Exit, string Said) Run(string bench, string[] arguments)
    {
        Skip.If(RtlBuild.Missing is not null, $"No RTL simulation: {RtlBuild.Missing}.");
        bool cells = arguments.Contains("gates") || arguments.Contains("board=icebreaker");
        Skip.If(cells && RtlBuild.MissingForGates is not null, $"No netlist: {RtlBuild.MissingForGates}.");
        return Tool.Run(Path.Combine(Repository.Root, "tests/fpga/benches/run.sh"), [bench, .. arguments], Repository.Root);
    }
}
