using Hil.Contract;
using Hil.Models.Quantized;
using Microsoft.ML.OnnxRuntime;

namespace Hil.Models.Export;

/// <summary>Runs the QDQ form of single layers in ONNX Runtime, one thread, its optimizer off. Sessions are kept per layer; not thread-safe.</summary>
public sealed class QdqLayerRuntime(QuantizedGraph graph, QdqOptions? options = null) : IDisposable
{
    private readonly Dictionary<string, InferenceSession> _sessions = [];

    /// <summary>
    /// The elements of the layer's outputs from elements of its inputs, all as integers (of a wide input, 128·hi + lo), row-major; of a mask, 1 for each key
    /// that counts.
    /// </summary>
    public IReadOnlyDictionary<string, int[]> Run(QLayer layer, IReadOnlyDictionary<string, int[]> elements)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(elements);
        var session = Session(layer);
        string[] inputs = [.. QdqExport.Reads(layer)];
        var values = inputs.Select(i => graph.Tensors.TryGetValue(i, out var tensor) ? Value(tensor, elements[i]) : Mask(elements[i])).ToArray();
        try
        {
            using var run = new RunOptions();
            using var results = session.Run(run, inputs, values, [.. layer.Outputs.Select(o => $"{o}:out")]);
            return layer.Outputs.Zip(results, (name, result) => (name, result))
                .ToDictionary(o => o.name, o => Elements(graph.Tensors[o.name], o.result.GetTensorDataAsSpan<float>()));
        }
        catch (OnnxRuntimeException e)
        {
            throw Refused(e, layer);
        }
        finally
        {
            Array.ForEach(values, v => v.Dispose());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var session in _sessions.Values)
        {
            session.Dispose();
        }

        _sessions.Clear();
    }

    private InferenceSession Session(QLayer layer)
    {
        var key = layer.Outputs.First();
        if (_sessions.TryGetValue(key, out var known))
        {
            return known;
        }

        using var settings = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        try
        {
            var session = new InferenceSession(QdqExport.WriteLayer(graph, layer, options), settings);
            _sessions.Add(key, session);
            return session;
        }
        catch (OnnxRuntimeException e)
        {
            throw Refused(e, layer);
        }
    }

    private static OrtValue Mask(int[] keys) => OrtValue.CreateTensorValueFromMemory(keys.Select(k => (float)k).ToArray(), [1, keys.Length]);

    private static OrtValue Value(QTensor tensor, int[] elements)
    {
        var scale = (float)tensor.Scale;
        return OrtValue.CreateTensorValueFromMemory(
            elements.Select(q => (q - tensor.ZeroPoint) * scale).ToArray(), [1, tensor.Rows, tensor.Columns]);
    }

    private static int[] Elements(QTensor tensor, ReadOnlySpan<float> values)
    {
        var result = new int[values.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = (int)Math.Round(values[i] / tensor.Scale, MidpointRounding.ToEven) + tensor.ZeroPoint;
        }

        return result;
    }

    private static HilException Refused(OnnxRuntimeException e, QLayer layer) => new(
        ExitKind.Unsupported, $"ONNX Runtime refuses the QDQ form: {e.Message.ReplaceLineEndings(" ")}", layer.Name, "Report this model.", e);
}
