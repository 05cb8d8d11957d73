using Google.Protobuf;
using Hil.Contract;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Tests.Import;

/// <summary>Every rule that holds before a model is looked at, broken once.</summary>
public sealed class StructureOfOnnxFiles
{
    private static readonly (string Message, Action<ModelProto> Change)[] Faults =
    [
        ("no graph", m => m.Graph = null),
        ("no graph", m => m.Graph.Node.Clear()),
        ("more than 65536 nodes", m => m.Graph.Node.AddRange(Enumerable.Repeat(m.Graph.Node[0], 1 << 16))),
        ("no version of the ONNX operator set", m => m.OpsetImport[0].Domain = "com.example"),
        ("no version of the ONNX operator set", m => m.OpsetImport.Clear()),
        ("sparse initialisers", m => m.Graph.SparseInitializer.Add(new SparseTensorProto())),
        ("no name of its own", m => m.Graph.Initializer[0].Name = ""),
        ("no name of its own", m => m.Graph.Initializer.Add(m.Graph.Initializer[0].Clone())),
        ("external data", m => m.Graph.Initializer[0].DataLocation = 1),
        ("attribute 'value': its element type", m => Attribute(m).T = new TensorProto { DataType = 8 }),
        ("attribute 'value': its element type", m => Attribute(m).Tensors.Add(new TensorProto { DataType = 8 })),
        ("attribute 'value': as a shape", m => Attribute(m).Ints.AddRange([1L << 20, 1L << 20])),
        ("out of range", m => Attribute(m).Ints.AddRange([1L << 40])),
        ("out of range", m => Attribute(m).Ints.AddRange([-(1L << 40)])),
        ("out of range", m => m.Graph.Initializer.Add(Shape(1L << 40))),
        ("too much memory", m => m.Graph.Initializer.Add(Shape(1L << 20, 1L << 20))),
        ("no operator or no output", m => m.Graph.Node[0].OpType = ""),
        ("no operator or no output", m => m.Graph.Node[0].Output.Clear()),
        ("which no initialiser, input or earlier node gives", m => m.Graph.Node[0].Input.Add("later")),
        ("which is there already", m => m.Graph.Node[0].Output[0] = "x"),
        ("nothing gives the output 'nobody'", m => m.Graph.Output.Add(new ValueInfoProto { Name = "nobody" })),
        ("bytes of values do not fill", m => m.Graph.Initializer[0].RawData = ByteString.CopyFrom(1, 2, 3)),
        ("values do not fill", m => m.Graph.Initializer[0].DataType = TensorData.Int64),
        ("values do not fill", m => m.Graph.Initializer[0].DataType = 11),
        ("values do not fill", m => m.Graph.Initializer[0].DataType = TensorData.Int32),
        ("too large", m => m.Graph.Initializer[0].Dims[0] = 1L << 28),
        ("too large", m => m.Graph.Initializer[0].Dims.AddRange([1L << 14, 1L << 14])),
        ("NaN or an infinity", m => Raw(m.Graph.Initializer[0], float.PositiveInfinity)),
    ];

    public static IEnumerable<object[]> FaultNames => Faults.Select((f, i) => new object[] { f.Message, i });

    public static IEnumerable<object[]> AllowedNames => Allowed.Select((a, i) => new object[] { a.What, i });

    [Theory]
    [MemberData(nameof(FaultNames))]
    public void A_broken_rule_is_named(string message, int fault)
    {
        var (model, output) = Sound();
        Faults[fault].Change(model.Proto);

        var error = Assert.Throws<HilException>(() => Finish(model, output));

        Assert.Equal(ExitKind.BadInput, error.Kind);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static readonly (string What, Action<ModelProto> Change)[] Allowed =
    [
        ("an input left out", m => m.Graph.Node[0].Input.Add("")),
        ("an output left out", m => m.Graph.Node[0].Output.Add("")),
        ("the operator set by its name", m => m.OpsetImport[0].Domain = "ai.onnx"),
        ("to the end, as slices say it", m => Attribute(m).Ints.AddRange([long.MaxValue, int.MaxValue, long.MinValue, int.MinValue, -1, 0])),
        ("many numbers that are no shape", m => Attribute(m).Ints.AddRange(Enumerable.Repeat(1L << 40, 9))),
        ("many numbers that are no shape", m => m.Graph.Initializer.Add(Shape([.. Enumerable.Repeat(1L << 40, 9)]))),
        ("float32 as raw bytes", m => Raw(m.Graph.Initializer[0], 1)),
        ("raw bytes of other types", m => m.Graph.Initializer.Add([.. new[] { 2, 3, 9, 4, 5, 10, 6, 7, 11 }.Select(Bytes)])),
    ];

    [Theory]
    [MemberData(nameof(AllowedNames))]
    public void What_is_allowed_is_taken(string what, int change)
    {
        var (model, output) = Sound();
        Allowed[change].Change(model.Proto);

        Assert.True(Finish(model, output).Hash.Length == 64, what);
    }

    [Fact]
    public void Zeros_are_put_where_a_mask_says_whichever_way_the_file_stores_the_matrix()
    {
        var model = new TinyModel("x", 6, 2);
        string plain = model.Constant([1, 2, 3, 4, 5, 6], 2, 3);
        string turned = model.Constant([1, 2, 3, 4, 5, 6], 3, 2);
        string third = model.Constant([1, 2, 3, 4, 5, 6], 2, 3);
        string middle = model.Node("MatMul", ["x", plain]);
        model.Node("Gemm", ["x", third]);
        string output = model.Node("Add", [middle, model.Node("Gemm", ["x", turned], ("transB", 1))]);
        var file = Finish(model, output);

        // [inputs, outputs]: the first input's last output.
        bool[] mask = [false, false, true, false, false, false];
        var zeroed = file.WithZeros(new Dictionary<string, bool[]> { [plain] = mask, [turned] = mask, [third] = mask });

        float[] Values(string name) => TensorData.Floats(zeroed.Proto.Graph.Initializer.First(t => t.Name == name));
        Assert.Equal([1, 2, 0, 4, 5, 6], Values(plain));
        Assert.Equal([1, 2, 0, 4, 5, 6], Values(third));
        Assert.Equal([1, 2, 3, 4, 0, 6], Values(turned));
        Assert.Equal(1, TensorData.Floats(file.Proto.Graph.Initializer[0])[0]);
    }

    [Fact]
    public void Zeros_for_computed_weights_or_by_a_mask_of_another_size_are_refused()
    {
        var (model, output) = Sound();
        var file = Finish(model, output);

        Assert.Equal(ExitKind.Unsupported, Assert.Throws<HilException>(() => file.WithZeros(new Dictionary<string, bool[]> { ["x"] = [] })).Kind);
        Assert.Throws<ArgumentException>(() => file.WithZeros(new Dictionary<string, bool[]> { [file.Proto.Graph.Initializer[0].Name] = [true] }));
        Assert.Throws<ArgumentException>(() => TensorData.Replace(new TensorProto { DataType = TensorData.Int64 }, []));
        Assert.Throws<ArgumentException>(() => TensorData.Replace(new TensorProto { DataType = TensorData.Float }, []));
    }

    [Fact]
    public void A_file_that_is_not_there_or_too_long_is_bad_input()
    {
        Assert.Equal(ExitKind.BadInput, Assert.Throws<HilException>(() => OnnxModel.Load("/nowhere/m.onnx")).Kind);
        string path = Path.GetTempFileName();
        try
        {
            // A sparse file: its length costs nothing.
            using (var stream = File.OpenWrite(path))
            {
                stream.SetLength(OnnxModel.MaximumBytes + 1);
            }

            Assert.Contains("are more than", Assert.Throws<HilException>(() => OnnxModel.Load(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Attributes_and_inputs_that_are_not_there_have_their_defaults()
    {
        var node = new NodeProto { Name = "n" };
        node.Output.Add("o");
        node.Input.AddRange(["a", ""]);
        node.Attribute.Add(new AttributeProto { Name = "f", F = 0.5f });

        Assert.Equal("n", node.Title());
        Assert.Equal((7L, 2f, 0.5f), (node.Int("i", 7), node.Float("g", 2), node.Float("f", 2)));
        Assert.Null(node.Ints("i"));
        Assert.Equal(("a", null, null), (node.InputAt(0), node.InputAt(1), node.InputAt(2)));
        node.Name = "";
        Assert.Equal("o", node.Title());
    }

    private static (TinyModel Model, string Output) Sound()
    {
        var model = new TinyModel("x", 6, 8);
        return (model, model.Node("MatMul", ["x", model.Weights(1, 8, 8)]));
    }

    private static OnnxModel Finish(TinyModel model, string output)
    {
        model.Proto.Graph?.Output.Add(new ValueInfoProto { Name = output });
        return OnnxModel.Parse(model.Proto.ToByteArray(), "tiny", "tiny.onnx");
    }

    private static AttributeProto Attribute(ModelProto model)
    {
        var attribute = new AttributeProto { Name = "value" };
        model.Graph.Node[0].Attribute.Add(attribute);
        return attribute;
    }

    private static TensorProto Shape(params long[] values)
    {
        var tensor = new TensorProto { Name = "shape", DataType = TensorData.Int64 };
        tensor.Dims.Add(values.Length);
        tensor.Int64Data.AddRange(values);
        return tensor;
    }

    private static TensorProto Bytes(int type)
    {
        int[] sizes = [0, 4, 1, 1, 2, 2, 4, 8, 0, 1, 2, 8];
        var tensor = new TensorProto { Name = $"type{type}", DataType = type, RawData = ByteString.CopyFrom(new byte[sizes[type] * 3]) };
        tensor.Dims.Add(3);
        return tensor;
    }

    private static void Raw(TensorProto tensor, float value)
    {
        tensor.FloatData.Clear();
        tensor.RawData = ByteString.CopyFrom([.. Enumerable.Repeat(BitConverter.GetBytes(value), 64).SelectMany(b => b)]);
    }
}
