using Hil.Compression.Quantization;
using Hil.Compression.Ranges;
using Hil.Compression.Tests;
using Hil.Contract;
using Hil.Models.Data;
using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;
using Hil.Models.Quantized;
using Hil.Models.Reference;

namespace Hil.Mutants.Tests.Importer;

/// <summary>The three judges of an importer: a file that must be refused as it is read, a node that must be refused by name, and ONNX Runtime's output.</summary>
internal static class ImportCheck
{
    private const double Tolerance = 0.06;
    private const int Samples = 8;

    /// <summary>The file must not be read, for the reason given.</summary>
    public static string? Unread(byte[] bytes, string reason, ImporterFault fault)
    {
        try
        {
            OnnxModel.Parse(bytes, "model", "model.onnx", fault);
            return $"'{reason}' is not said: the file is read";
        }
        catch (HilException e)
        {
            return e.Message.Contains(reason, StringComparison.Ordinal) ? null : $"'{reason}' is not said, instead: {e.Message}";
        }
    }

    /// <summary>The operator must be refused by name, for the reason given.</summary>
    public static string? Refused(byte[] bytes, string op, string reason, ImporterFault fault)
    {
        string expected = $"{op} is not refused";
        try
        {
            OnnxImporter.TryImport(OnnxModel.Parse(bytes, "model", "model.onnx", fault), out var unsupported);
            return unsupported.Any(u => u.Operator == op && u.Reason.Contains(reason, StringComparison.Ordinal)) ? null
                : unsupported.IsEmpty ? $"{expected}: the model is imported" : $"{expected}, instead: {unsupported[0]}";
        }
        catch (Exception e) when (e is HilException or IndexOutOfRangeException)
        {
            return $"{expected}, instead: {e.Message}";
        }
    }

    /// <summary>The model in integers must give what ONNX Runtime gives for the file, within a few steps of eight bits.</summary>
    public static string? Wrong(byte[] bytes, ImporterFault fault)
    {
        try
        {
            OnnxModel model = OnnxModel.Parse(bytes, "model", "model.onnx", fault);
            Graph graph = OnnxImporter.Import(model);
            var data = new Dataset("samples", "0", [.. Enumerable.Range(1, Samples).Select(seed => Sample(graph, seed))], [], false, [], []);
            QuantizedGraph quantized = Quantizer.Quantize(model, graph, RangeCalibrator.Measure(model, graph, data, null, CancellationToken.None)).Graph;
            using var floats = new FloatReference(OnnxModel.Parse(bytes, "model", "model.onnx"), graph.GivenTensors);
            QTensor output = quantized.Tensors[quantized.Output];
            double largest = 0;
            for (int seed = 1; seed <= Samples; seed++)
            {
                IReadOnlyDictionary<string, float[]> expected = floats.Run(Sample(graph, seed));
                float[] reference = expected[floats.OutputName];
                float[] actual = QEncoding.Decode(output, new IntegerExecutor(quantized).Run(expected)[output.Name]);
                if (actual.Length != reference.Length) return $"the output has {actual.Length} elements, not {reference.Length}";
                largest = Math.Max(largest, reference.Zip(actual, (a, b) => Math.Abs(a - b)).Max() / Math.Max(1e-6, reference.Max(Math.Abs)));
            }

            return largest <= Tolerance ? null : $"the output is off by {largest:P0}";
        }
        catch (Exception e) when (e is HilException or ArgumentException or IndexOutOfRangeException or InvalidOperationException)
        {
            return $"the output cannot be computed: {e.Message}";
        }
    }

    private static ModelSample Sample(Graph graph, int seed)
    {
        var random = new Random(seed);
        return new(graph.ModelInputs.ToDictionary(i => i.Name, i => (ReadOnlyMemory<float>)Enumerable.Range(0, i.Count)
            .Select(n => i.ElementType == TensorData.Float ? (float)((2 * random.NextDouble()) - 1) : n == 0 ? 1 : random.Next(2)).ToArray()));
    }
}
