using System.Diagnostics;
using Hil.Contract.Machines;
using Hil.Jobs.Inspecting;

namespace Hil.Benchmarks;

/// <summary>What `hil inspect` takes of a large model, from the file to the estimate: once, as a command runs, the compiler's own time included.</summary>
internal static class Inspecting
{
    public static void Print(string model)
    {
        Machine machine = MachineFile.Bundled("arty-a7-100t");
        TimeSpan before = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        Inspection inspection = ModelInspector.Inspect(model, machine);
        TimeSpan used = Environment.CpuUsage.TotalTime - before;
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(
            $"{inspection.Name}: {inspection.Outline.Parameters / 1e6:F0} M parameters in {inspection.Outline.ParameterBytes / 1e6:F0} MB, "
            + $"{inspection.Graph?.Layers.Length ?? 0} layers: {used.TotalSeconds:F2} s of processor time, {clock.Elapsed.TotalSeconds:F2} s by the clock, "
            + $"{process.PeakWorkingSet64 / 1e6:F0} MB at most");
    }
}
