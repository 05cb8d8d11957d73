using System.Diagnostics;
using Hil.Compiler;
using Hil.Compression.Quantization;
using Hil.Compression.Ranges;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Devices;
using Hil.Emulator;
using Hil.Emulator.Functional;
using Hil.Emulator.Timing;
using Hil.Models.Data;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Predict;

namespace Hil.Benchmarks;

/// <summary>Whole models: from ONNX to emulated samples, each step by itself.</summary>
internal static class Models
{
    public static void Print(string name, string model, string calibration)
    {
        if (!File.Exists(model) || !File.Exists(calibration))
        {
            Console.WriteLine($"{name}: skipped, {model} or {calibration} is not there");
            return;
        }

        var clock = Stopwatch.StartNew();
        OnnxModel onnx = OnnxModel.Load(model);
        var graph = OnnxImporter.Import(onnx);
        double import = Lap(clock);
        TensorRanges ranges = RangeCalibrator.Measure(
            onnx, graph, Dataset.Load(calibration, graph).Take(50), null, CancellationToken.None);
        var quantized = Quantizer.Quantize(onnx, graph, ranges);
        double quantize = Lap(clock);
        foreach (string machineName in new[] { "icebreaker", "arty-a7-100t" })
        {
            Machine machine = MachineFile.Bundled(machineName);
            clock.Restart();
            ProgramImage program = ModelCompiler.Compile(quantized.Graph, machine).Program;
            double compile = Lap(clock);
            double predict = Stopwatches.Median(() => Predictor.Predict(program, machine));
            double timing = Stopwatches.Median(() => TimingPass.Run(machine, program, new EmulatorOptions { Trace = false }));
            clock.Restart();
            var engine = new EmulatorEngine(machine, program);
            double prepare = Lap(clock);
            ReadOnlyMemory<byte>[] inputs = [.. program.Inputs.Select(p => (ReadOnlyMemory<byte>)new byte[PlacedTensor.DenseBytes(p)])];
            double sample = Stopwatches.Median(() => engine.Run(inputs));
            long macs = program.Layers.Sum(l => l.Macs);
            Console.WriteLine();
            Console.WriteLine($"{name} on {machineName}: {program.InstructionCount} instructions, {macs / 1e6:F1} M MAC, {engine.Timing.Counters.Cycles} cycles");
            Console.WriteLine($"  import {import:F2} s, calibrate and quantize {quantize:F2} s, compile {compile:F2} s");
            Console.WriteLine($"  predict {predict * 1e3:F2} ms, timing pass {timing * 1e3:F2} ms ({timing / predict:F1} x predict), prepare {prepare * 1e3:F0} ms");
            Console.WriteLine($"  sample {sample * 1e3:F3} ms: {macs / sample / 1e9:F1} GMAC/s, {engine.Timing.Counters.Cycles / sample / 1e9:F2} G cycles/s");
            // Larger arrays take minutes to build and more to run.
            if (machineName == "icebreaker" && RtlBuild.Missing is null) RtlComparison.Print($"{name}, {machineName}", machine, program);
        }
    }

    private static double Lap(Stopwatch clock)
    {
        double seconds = clock.Elapsed.TotalSeconds;
        clock.Restart();
        return seconds;
    }
}
