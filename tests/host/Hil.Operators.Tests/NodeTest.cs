using System.Formats.Tar;
using System.IO.Compression;
using Google.Protobuf;
using Hil.Models.Data;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Operators.Tests;

/// <summary>
/// One of the ONNX project's backend node tests: a model of one operator (or of its expansion) with recorded inputs and outputs. Inputs after the first
/// are bound as constants; of several outputs each is a model of its own.
/// </summary>
internal sealed class NodeTest
{
    private const int Float = 1;

    private readonly ModelProto _model;
    private readonly List<TensorProto> _inputs;
    private readonly List<TensorProto> _outputs;
    private readonly bool _isFed;

    private NodeTest(string name, ModelProto model, List<TensorProto> inputs, List<TensorProto> outputs, bool isFed = false) =>
        (Name, _model, _inputs, _outputs, _isFed) = (name, model, inputs, outputs, isFed);

    public string Name { get; }

    public long Opset => _model.OpsetImport.First(o => o.Domain is "" or "ai.onnx").Version;

    public string Operators => string.Join(", ", _model.Graph.Node.Select(n => n.OpType).Distinct().Order(StringComparer.Ordinal));

    public string Types => string.Join(", ", _model.Graph.Input.Select(i => TypeName(i.Type?.TensorType?.ElemType ?? 0)).Distinct());

    /// <summary>All tests of the archive, by name.</summary>
    public static IReadOnlyDictionary<string, NodeTest> All()
    {
        var files = new Dictionary<string, Dictionary<string, byte[]>>();
        using var file = File.OpenRead(TestData.Path("onnx-node-tests", "node-tests.tar.gz"));
        using var gzip = new GZipStream(file, CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is null)
            {
                continue;
            }

            using var content = new MemoryStream();
            entry.DataStream.CopyTo(content);
            var parts = entry.Name.TrimStart('.', '/').Split('/');
            if (!files.TryGetValue(parts[0], out var test))
            {
                files.Add(parts[0], test = []);
            }

            test[parts[^1]] = content.ToArray();
        }

        return files.ToDictionary(f => f.Key, f => new NodeTest(
            f.Key, ModelProto.Parser.ParseFrom(f.Value["model.onnx"]), Tensors(f.Value, "input_"), Tensors(f.Value, "output_")));
    }

    /// <summary>The same test with all its inputs given for each sample, none bound as a constant.</summary>
    public NodeTest Fed() => new($"{Name}, all inputs given", _model, _inputs, _outputs, true);

    /// <summary>For each output that is not empty: the model of that output alone, what it is given, and the recorded output.</summary>
    public IEnumerable<(OnnxModel Model, ModelSample Given, float[] Output)> Cases()
    {
        // Mean and deviation of a layer normalization are for training.
        var outputs = Name.StartsWith("test_layer_normalization", StringComparison.Ordinal) ? 1 : _model.Graph.Output.Count;
        for (var i = 0; i < outputs; i++)
        {
            var model = _model.Clone();
            var (first, output) = (model.Graph.Input.FirstOrDefault(), model.Graph.Output[i]);
            model.Graph.Output.Clear();
            model.Graph.Output.Add(output);
            for (var k = _isFed ? _inputs.Count : 1; k < _inputs.Count && k < _model.Graph.Input.Count; k++)
            {
                var constant = _inputs[k].Clone();
                constant.Name = _model.Graph.Input[k].Name;
                model.Graph.Initializer.Add(constant);
                model.Graph.Input.Remove(_model.Graph.Input[k]);
            }

            var input = first is not null && _inputs.Count > 0 ? Numbers(_inputs[0]) : null;
            var recorded = i < _outputs.Count ? Meant(_outputs[i]) : null;
            if (input is null || recorded is null || recorded.Length > 0)
            {
                var given = model.Graph.Input.Zip(_inputs).ToDictionary(p => p.First.Name, p => (ReadOnlyMemory<float>)(Numbers(p.Second) ?? []));
                yield return (OnnxModel.Parse(model.ToByteArray(), Name, Name), new ModelSample(given), recorded ?? []);
            }
        }
    }

    /// <summary>The values of float32 or of integers of 8, 16 and 32 bits, or null.</summary>
    private static float[]? Numbers(TensorProto tensor) =>
        tensor.DataType == Float ? TensorData.Floats(tensor) : TensorData.Integers(tensor)?.Select(v => (float)v).ToArray();

    /// <summary>The numbers that a recorded output means: the elements of a quantizer by its scale and zero point, others themselves.</summary>
    private float[]? Meant(TensorProto output)
    {
        var numbers = Numbers(output);
        var scale = _model.Graph.Node is [{ OpType: "QLinearMatMul" or "QLinearConv" }] ? 6 : _model.Graph.Node is [{ OpType: "QuantizeLinear" }] ? 1 : -1;
        if (scale < 0 || numbers is null || _inputs.Count <= scale || _inputs[scale].Dims.Count > 1)
        {
            return numbers;
        }

        var (steps, zeros) = (TensorData.Floats(_inputs[scale]), _inputs.Count > scale + 1 ? TensorData.Integers(_inputs[scale + 1])! : [0]);
        var axis = (int)(_model.Graph.Node[0].Attribute.FirstOrDefault(a => a.Name == "axis")?.I ?? 1);
        var stride = output.Dims.Skip((axis < 0 ? axis + output.Dims.Count : axis) + 1).Aggregate(1L, (a, b) => a * b);
        return [.. numbers.Select((n, i) => (n - zeros[i / stride % zeros.Length]) * steps[i / stride % steps.Length])];
    }

    private static List<TensorProto> Tensors(Dictionary<string, byte[]> files, string prefix) =>
    [
        .. files.Where(f => f.Key.StartsWith(prefix, StringComparison.Ordinal))
            .OrderBy(f => int.Parse(f.Key[prefix.Length..^3], System.Globalization.CultureInfo.InvariantCulture))
            .Select(f => TensorProto.Parser.ParseFrom(f.Value)),
    ];

    private static string TypeName(int type) => type switch
    {
        1 => "float32",
        2 => "uint8",
        3 => "int8",
        4 => "uint16",
        5 => "int16",
        6 => "int32",
        7 => "int64",
        9 => "bool",
        10 => "float16",
        11 => "float64",
        12 => "uint32",
        13 => "uint64",
        21 => "uint4",
        22 => "int4",
        25 => "uint2",
        26 => "int2",
        _ => "other",
    };
}
