using Hil.Compiler;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Emulator;
using Hil.Emulator.Functional;
using Hil.Emulator.Timing;

namespace Hil.Benchmarks;

/// <summary>The emulator's functional pass on compiled products, one thread.</summary>
internal static class Products
{
    public static void Print(double peak, double floats)
    {
        // The first rows would otherwise be measured before the just-in-time compiler has settled.
        for (int n = 0; n < 2; n++) Measure(MachineFile.Bundled("icebreaker"), 99, 64, 256, null, true);
        Console.WriteLine();
        Console.WriteLine($"{"emulator, one thread",-44}{"GMAC/s",9}{"of peak",10}{"x float32",11}{"instructions",14}{"timing pass",13}");
        Row("icebreaker", 99, 64, 256, peak, floats);
        Row("icebreaker", 99, 256, 64, peak, floats);
        Row("ulx3s-85f", 128, 256, 256, peak, floats);
        Row("arty-a7-100t", 256, 512, 512, peak, floats);
        Row("lab-32x32", 512, 1024, 1024, peak, floats);
        foreach (SimdLevel level in Enum.GetValues<SimdLevel>().Where(SimdLevels.IsSupported))
            Row("arty-a7-100t", 256, 512, 512, peak, floats, level);
        Row("arty-a7-100t", 256, 512, 512, peak, floats, fuse: false);
    }

    private static void Row(
        string machineName, int m, int k, int n, double peak, double floats, SimdLevel? level = null, bool fuse = true)
    {
        (double seconds, double timing, int instructions) = Measure(MachineFile.Bundled(machineName), m, k, n, level, fuse);
        double rate = (double)m * k * n / seconds;
        string name = $"{machineName} {m}x{k}x{n}{(level is null ? "" : $", {level}")}{(fuse ? "" : ", one by one")}";
        Console.WriteLine(
            $"{name,-44}{rate / 1e9,9:F1}{rate / peak,10:P0}{rate / floats,11:F2}{instructions,14}{timing * 1e3,10:F2} ms");
    }

    private static (double Run, double Timing, int Instructions) Measure(
        Machine machine, int m, int k, int n, SimdLevel? level, bool fuse)
    {
        ProgramImage program = GemmCompiler.Compile(m, k, n, machine).Program;
        var engine = new EmulatorEngine(machine, program, new EmulatorOptions { Simd = level, Fuse = fuse });
        ReadOnlyMemory<byte>[] inputs = [.. program.Inputs.Select(p => (ReadOnlyMemory<byte>)Pattern(p))];
        double run = Stopwatches.Median(() => engine.Run(inputs));
        double timing = Stopwatches.Median(() => TimingPass.Run(machine, program, new EmulatorOptions { Trace = false }));
        return (run, timing, program.InstructionCount);
    }

    private static byte[] Pattern(TensorPlace place)
    {
        var bytes = new byte[PlacedTensor.DenseBytes(place)];
        new Random(7).NextBytes(bytes);
        return bytes;
    }
}
