using Hil.Compiler;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Devices;
using Hil.Emulator;
using Hil.Emulator.Functional;

namespace Hil.Benchmarks;

/// <summary>The emulator against the Verilated RTL: the same program and sample, one thread, equal outputs and cycles.</summary>
internal static class RtlComparison
{
    public static void PrintProducts()
    {
        Console.WriteLine();
        if (RtlBuild.Missing is { } missing)
        {
            Console.WriteLine($"emulator against RTL: skipped, {missing}");
            return;
        }

        Console.WriteLine($"{"emulator against Verilated RTL, one thread",-44}{"cycles",10}{"RTL ms",10}{"M cycles/s",12}{"sample x",10}{"all x",8}");
        foreach ((int m, int k, int n) in new[] { (99, 64, 256), (99, 256, 64) })
        {
            Machine machine = MachineFile.Bundled("icebreaker");
            Print($"icebreaker {m}x{k}x{n}", machine, GemmCompiler.Compile(m, k, n, machine).Program);
        }
    }

    /// <summary>
    /// A row: RTL's time for a sample, over the emulator's for a further sample of a prepared program ("sample x"), and over the emulator's for
    /// everything from the program on, timing pass and preparation included ("all x").
    /// </summary>
    public static void Print(string name, Machine machine, ProgramImage program)
    {
        var random = new Random(7);
        var sample = new DeviceSample([.. program.Inputs.Select(p => (ReadOnlyMemory<byte>)Bytes(p))]);
        var rtl = new RtlDevice(machine);
        try
        {
            DeviceRun run = Run();
            if (run.Failure is { } failure)
            {
                Console.WriteLine($"{name,-44}the RTL does not run it: {failure.What}");
                return;
            }

            var engine = new EmulatorEngine(machine, program);
            byte[][] outputs = [.. engine.Run(sample.Inputs).Outputs];
            if (!outputs.Zip(run.Outputs[0]).All(o => o.First.SequenceEqual(o.Second)) || run.Measurement!.Counters.Cycles != engine.Timing.Counters.Cycles)
            {
                throw new InvalidOperationException($"{name}: emulator and RTL differ.");
            }

            double slow = Stopwatches.Median(() => Run());
            double again = Stopwatches.Median(() => engine.Run(sample.Inputs));
            double all = Stopwatches.Median(() => new EmulatorEngine(machine, program, new EmulatorOptions { Trace = false }).Run(sample.Inputs));
            long cycles = engine.Timing.Counters.Cycles;
            Console.WriteLine($"{name,-44}{cycles,10}{slow * 1e3,10:F1}{cycles / slow / 1e6,12:F2}{slow / again,10:F0}{slow / all,8:F0}");
        }
        finally
        {
            rtl.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        DeviceRun Run() => rtl.RunAsync(program, [sample], DeviceRunOptions.Default with { Threads = 1 }, CancellationToken.None).GetAwaiter().GetResult();

        byte[] Bytes(TensorPlace place)
        {
            var bytes = new byte[PlacedTensor.DenseBytes(place)];
            random.NextBytes(bytes);
            return bytes;
        }
    }
}
