using System.Buffers.Binary;
using Hil.Compression.Quantization;
using Hil.Compression.Ranges;
using Hil.Compression.Tests;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Emulator;
using Hil.Models.Data;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Quantized;
using Hil.Predict.Tests;
using Xunit.Abstractions;

namespace Hil.Compiler.Tests;

/// <summary>Real models, compiled and emulated: their tensors are those of the graph in plain integers, and the busiest unit is as busy as it was (docs/results/whole-models.md).</summary>
public sealed class WholeModelsAreRightAndBusy(ITestOutputHelper output)
{
    [SkippableTheory]
    [InlineData("spoken-digits", "digits.onnx", "icebreaker", 0.80)]
    [InlineData("spoken-digits", "digits.onnx", "arty-a7-100t", 0.80)]
    [InlineData("kwt1", "kwt1_opset17.onnx", "icebreaker", 0.74)]
    [InlineData("kwt1", "kwt1_opset17.onnx", "arty-a7-100t", 0.80)]
    [InlineData("fsdd-ctc", "fsdd_ctc_opset17.onnx", "icebreaker", 0.90)]
    [InlineData("fsdd-ctc", "fsdd_ctc_opset17.onnx", "arty-a7-100t", 0.80)]
    public void The_busiest_unit_is_busy_and_every_tensor_is_right(string folder, string model, string machineName, double least)
    {
        QuantizedGraph graph = Quantize(ModelFiles.Find(folder, model));
        Machine machine = MachineFile.Bundled(machineName);
        ProgramImage program = ModelCompiler.Compile(graph, machine).Program;
        var engine = new EmulatorEngine(machine, program);
        Counters counters = engine.Timing.Counters;
        output.WriteLine($"{model} on {machineName}: {counters.Cycles} cycles, busy {string.Join(" ", counters.Busy.Select(b => $"{(double)b / counters.Cycles:P1}"))}");

        Dictionary<string, int[]> expected = new IntegerExecutor(graph).Run(Input(graph, out byte[] bytes));
        var wrong = new List<string>();
        int seen = 0;
        byte[] result = engine.Run([bytes], new RunRequest(false, (place, data) =>
        {
            seen++;
            string name = place.Name.Split('[')[0];
            int columns = graph.Tensors[name].Columns;
            int row = place.Name.Contains('[', StringComparison.Ordinal) ? int.Parse(place.Name[(name.Length + 1)..^1]) : 0;
            if (!DeviceTensors.Elements(place, data.Span).AsSpan().SequenceEqual(expected[name].AsSpan(row * columns, place.Rows * columns))) wrong.Add(place.Name);
        })).Outputs[0];

        Assert.Equal(expected[graph.Output], DeviceTensors.Elements(program.Outputs[0], result));
        Assert.Empty(wrong);
        Assert.Equal(program.Observables.Count, seen);
        Assert.True(counters.Busy.Max() >= least * counters.Cycles, $"busiest unit {(double)counters.Busy.Max() / counters.Cycles:P1}");
    }

    [Fact]
    public void A_product_with_resident_operands_keeps_the_array_busy()
    {
        Machine machine = MachineFile.Bundled("arty-a7-100t");
        ProgramImage program = GemmCompiler.Compile(256, 512, 512, machine).Program;

        IReadOnlyList<Retirement> trace = new EmulatorEngine(machine, program).Timing.Trace;

        Retirement[] computes = [.. trace.Where(r => r.Unit == Contract.Isa.Unit.Compute)];
        long window = trace.Where(r => r.Unit == Contract.Isa.Unit.Vector).Max(r => r.Retire) - computes.Min(r => r.Start);
        long busy = computes.Sum(r => r.Retire - r.Start);
        Assert.True(busy >= 0.95 * window, $"busy {busy} of {window}");
    }

    private static QuantizedGraph Quantize(string path)
    {
        OnnxModel model = OnnxModel.Load(path);
        var graph = OnnxImporter.Import(model);
        var ranges = RangeCalibrator.Measure(
            model, graph, Dataset.Load(Path.Combine(Path.GetDirectoryName(path)!, "calib.npz"), graph), null, CancellationToken.None);
        return Quantizer.Quantize(model, graph, ranges).Graph;
    }

    // Random values over half of the input's range; both planes of a wide input in bytes, hi then lo.
    private static float[] Input(QuantizedGraph graph, out byte[] bytes)
    {
        QTensor tensor = graph.Tensors[graph.Input];
        var random = new Random(1);
        int half = tensor.Type == QType.Wide15 ? QTensor.Wide15Maximum / 2 : 64;
        float[] values = [.. Enumerable.Range(0, tensor.Count).Select(_ => (float)(tensor.Scale * random.Next(-half, half)))];
        int[] elements = QEncoding.Encode(tensor, values);
        bytes = tensor.Type == QType.Wide15
            ? [.. elements.Select(e => unchecked((byte)QEncoding.Split(e).Item1)), .. elements.Select(e => unchecked((byte)QEncoding.Split(e).Item2))]
            : [.. elements.Select(e => unchecked((byte)e))];
        return values;
    }
}
