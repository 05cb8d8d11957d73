using System.Diagnostics;
using Hil.Compiler;
using Hil.Compression.Pruning;
using Hil.Compression.Quantization;
using Hil.Compression.Ranges;
using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Emulator;
using Hil.Emulator.Timing;
using Hil.Models.Data;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Reconcile;
using Hil.Reconcile.Files;
using Hil.Reconcile.Report;
using Xunit.Abstractions;

namespace Hil.Predict.Tests;

/// <summary>Whole models as compiled, against the emulator's timing pass.</summary>
public sealed class ModelsArePredicted(ITestOutputHelper output)
{
    [SkippableTheory]
    [InlineData("spoken-digits", "digits.onnx", "icebreaker")]
    [InlineData("spoken-digits", "digits.onnx", "arty-a7-100t")]
    [InlineData("spoken-digits", "digits_block50.onnx", "icebreaker")]
    [InlineData("spoken-digits", "digits_block50.onnx", "arty-a7-100t")]
    [InlineData("kwt1", "kwt1_opset17.onnx", "icebreaker")]
    [InlineData("kwt1", "kwt1_opset17.onnx", "arty-a7-100t")]
    [InlineData("fsdd-ctc", "fsdd_ctc_opset17.onnx", "icebreaker")]
    [InlineData("fsdd-ctc", "fsdd_ctc_opset17.onnx", "arty-a7-100t")]
    [InlineData("fsdd-ctc", "fsdd_ctc_opset17.onnx", "ulx3s-85f")]
    [InlineData("spoken-digits", "digits.onnx", "lab-32x32")]
    [InlineData("spoken-digits", "digits.onnx", "ulx3s-85f")]
    [InlineData("spoken-digits", "digits_block50.onnx", "ulx3s-85f")]
    [InlineData("spoken-digits", "digits_block50.onnx", "lab-32x32")]
    [InlineData("kwt1", "kwt1_opset17.onnx", "ulx3s-85f")]
    [InlineData("kwt1", "kwt1_opset17.onnx", "lab-32x32")]
    [InlineData("fsdd-ctc", "fsdd_ctc_opset17.onnx", "lab-32x32")]
    [InlineData("kwt1", "kwt1_opset17.onnx", "ulx3s-85f", 0.3)]
    [InlineData("kwt1", "kwt1_opset17.onnx", "arty-a7-100t", 0.3)]
    [InlineData("fsdd-ctc", "fsdd_ctc_opset17.onnx", "lab-32x32", 0.3)]
    public void TheTotalIsWithinOneAndEveryLayerWithinThreePercent(string folder, string model, string machineName, double pruned = 0)
    {
        string path = ModelFiles.Find(folder, model);
        Machine machine = MachineFile.Bundled(machineName);
        ProgramImage program = Compile(path, machine, pruned);
        var watch = Stopwatch.StartNew();
        Emulator.Timing.TimingResult truth = TimingPass.Run(machine, program);
        TimeSpan emulated = watch.Elapsed;
        watch.Restart();
        string hash = ProgramFile.Hash(program);
        Prediction prediction = Predictor.Predict(program, machine, hash);
        TimeSpan predicted = watch.Elapsed;
        var judge = new Judge(program, truth.Counters.Cycles, [.. truth.Layers.Select(l => l.Cycles)], prediction);
        string[] beyond = [.. judge.LayersBeyond(0.03)];
        output.WriteLine(
            $"{model}{(pruned > 0 ? $" pruned {pruned:P0}" : "")} on {machineName}: {judge.Cycles} cycles, predicted {prediction.Cycles:F0} ({judge.TotalDifference / judge.Cycles:P3}); "
            + $"{judge.Layers.Count} layers, {beyond.Length} beyond 3 %; {program.Nests.Sum(n => n.Stages.Count)} stages, "
            + $"{program.InstructionCount} instructions; predict {predicted.TotalMilliseconds:F0} ms, timing pass {emulated.TotalMilliseconds:F0} ms");
        foreach (string line in beyond)
        {
            output.WriteLine(line);
        }

        Keep($"{folder}-{Path.GetFileNameWithoutExtension(model)}-{pruned}-{machineName}", prediction, new Measurement(
            Measurement.CurrentSchema, program.Name, hash, machine.Name, program.MachineHash, program.ContractHash, "emulator", Provenance.Emulated,
            truth.Trap, truth.Counters, truth.Layers, truth.Trace, null), machine);
        Assert.True(judge.TotalWithin(0.01), "the total");
        Assert.Empty(beyond);
    }

    private static ProgramImage Compile(string path, Machine machine, double pruned)
    {
        OnnxModel model = OnnxModel.Load(path);
        var graph = OnnxImporter.Import(model);
        if (pruned > 0)
        {
            model = BlockPruner.Prune(model, graph, pruned, machine.Rows, machine.Columns).Model;
            graph = OnnxImporter.Import(model);
        }

        var ranges = RangeCalibrator.Measure(
            model, graph, Dataset.Load(Path.Combine(Path.GetDirectoryName(path)!, "calib.npz"), graph), null, CancellationToken.None);
        try
        {
            return ModelCompiler.Compile(Quantizer.Quantize(model, graph, ranges).Graph, machine).Program;
        }
        catch (HilException e) when (e.Kind == ExitKind.Unsupported)
        {
            Skip.If(true, e.Message);
            throw;
        }
    }

    /// <summary>With HIL_KEEP set to a folder, leaves the records and a report there to look at.</summary>
    private static void Keep(string name, Prediction prediction, Measurement measurement, Machine machine)
    {
        if (Environment.GetEnvironmentVariable("HIL_KEEP") is { Length: > 0 } folder)
        {
            var extras = new ReconcileExtras { Machine = machine, Gates = new ReconcileGates(2) };
            Reconciliation r = Reconciler.Reconcile(prediction, measurement, extras);
            PredictionFile.Save(Path.Combine(folder, name + ".prediction.json"), prediction);
            MeasurementFile.Save(Path.Combine(folder, name + ".measurement.json"), measurement);
            ReportWriter.WriteHtml(Path.Combine(folder, name + ".html"), r, measurement, extras);
            ReportWriter.WriteJson(Path.Combine(folder, name + ".json"), r);
        }
    }
}
