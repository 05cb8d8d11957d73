using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Hil.Contract.Machines;
using Hil.Jobs.Inspecting;

namespace Hil.Benchmarks;

/// <summary>
/// What `hil inspect` takes of a large model, from the file to the estimate: once, as a command runs, the compiler's own time included. Beside it, in the same process and before it,
/// what it takes to read the file once, and to hash it besides: no tool that names a model by its bytes takes less.
/// </summary>
internal static class Inspecting
{
    private const int BufferBytes = 1 << 20;

    public static void Print(string model)
    {
        // Once more, so that the file lies in the system's memory for all three.
        Read(model, null);
        (double read, _) = Timed(() => Read(model, null));
        (double hashed, _) = Timed(() => Read(model, SHA256.Create()));
        Inspection? seen = null;
        (double used, double clock) = Timed(() => seen = ModelInspector.Inspect(model, MachineFile.Bundled("arty-a7-100t")));
        Inspection inspection = seen!;
        using var process = Process.GetCurrentProcess();
        double file = new FileInfo(model).Length;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {inspection.Name}: {inspection.Outline.Parameters / 1e6:F0} M parameters, {file / 1e6:F0} MB, {inspection.Graph?.Layers.Length ?? 0} layers
            read once: {read:F3} s of processor time; read and hashed (SHA-256): {hashed:F3} s
            inspected: {used:F2} s of processor time, {clock:F2} s by the clock: {used / hashed:F1} times as much as hashing, {used / read:F0} times as much as reading
            memory at most: {process.PeakWorkingSet64 / 1e6:F0} MB, {process.PeakWorkingSet64 / file:P0} of the file
            """));
    }

    /// <summary>Seconds of processor time and by the clock.</summary>
    private static (double Used, double Clock) Timed(Action work)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        work();
        return ((Environment.CpuUsage.TotalTime - before).TotalSeconds, clock.Elapsed.TotalSeconds);
    }

    private static void Read(string model, HashAlgorithm? hash)
    {
        using var stream = new FileStream(model, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
        var buffer = new byte[BufferBytes];
        for (int count; (count = stream.Read(buffer)) > 0;) hash?.TransformBlock(buffer, 0, count, null, 0);
        hash?.TransformFinalBlock([], 0, 0);
        hash?.Dispose();
    }
}
