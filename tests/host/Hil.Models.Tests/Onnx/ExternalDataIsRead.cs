using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Hil.Contract;
using Hil.Models.Import;
using Hil.Models.Graphs;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;
using Hil.Models.Reference;
using Hil.Models.Tests.Import;

namespace Hil.Models.Tests.Onnx;

/// <summary>Models whose values lie in a file beside them, as exporters write them, and as an attacker would.</summary>
public sealed class ExternalDataIsRead : IDisposable
{
    private const string DataFile = "m.onnx.data";
    private const int Page = 64;

    private readonly string _folder = Directory.CreateTempSubdirectory("hil-external-").FullName;

    private string ModelPath => Path.Combine(_folder, "m.onnx");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_model_and_its_data_file_are_the_model_with_all_values_in_it()
    {
        byte[] bytes = TinyTransformer.Bytes();
        Write(Split(ModelProto.Parser.ParseFrom(bytes)));

        OnnxModel expected = OnnxModel.Parse(bytes, "m", "m.onnx");
        OnnxModel model = OnnxModel.Load(ModelPath);

        Assert.Equal(Weights(expected), Weights(model));
        Assert.Equal(Output(expected), Output(model));
        Assert.Equal(model.Hash, OnnxModel.Parse(OnnxFile.Read(ModelPath), "m", "m.onnx").Hash);
    }

    [Fact]
    public void A_file_without_external_data_is_taken_byte_for_byte()
    {
        File.WriteAllBytes(ModelPath, TinyTransformer.Bytes());

        Assert.Equal(TinyTransformer.Bytes(), OnnxFile.Read(ModelPath));
    }

    [Fact]
    public void Values_of_attributes_and_of_local_functions_are_read_too()
    {
        // As the dynamo exporter writes: a layer is a local function, its constants are in the data file.
        var m = new TinyModel("x", 1, 4, 8);
        string constant = m.Node("Constant", []);
        var value = new TensorProto { DataType = TensorData.Float };
        value.Dims.AddRange([8, 8]);
        value.FloatData.AddRange(Enumerable.Range(0, 64).Select(i => i / 64f));
        m.Proto.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "value", Type = 4, T = value });
        string output = m.Node("Linear", [m.Node("Linear", ["x", constant]), m.Weights(3, 8, 8)]);
        m.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "pkg.layers", Version = 1 });
        var function = new FunctionProto { Domain = "pkg.layers", Name = "Linear" };
        function.Input.AddRange(["a", "w"]);
        function.Output.Add("y");
        function.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        function.Node.Add(new NodeProto { OpType = "Constant", Output = { "b" }, Attribute = { new AttributeProto { Name = "value", Type = 4, T = Vector(0.5f, 8) } } });
        function.Node.Add(new NodeProto { OpType = "MatMul", Input = { "a", "w" }, Output = { "p" } });
        function.Node.Add(new NodeProto { OpType = "Add", Input = { "p", "b" }, Output = { "y" } });
        m.Proto.Functions.Add(function);
        foreach (NodeProto node in m.Proto.Graph.Node.Where(n => n.OpType == "Linear"))
        {
            node.Domain = "pkg.layers";
        }

        OnnxModel whole = m.Parse(output);
        Write(Split(m.Proto));

        OnnxModel model = OnnxModel.Load(ModelPath);
        Assert.Equal(2, OnnxImporter.Import(model).Layers.OfType<Product>().Count());
        Assert.Equal(Output(whole), Output(model));
    }

    [Fact]
    public void Tied_weights_may_be_one_region()
    {
        var (proto, data) = Split(TwoWeights());
        SetRegion(proto, 1, "offset", Value(proto, 0, "offset"));
        Write((proto, data));

        Assert.Equal(TensorData.Floats(Load(0)), TensorData.Floats(Load(1)));
    }

    [Fact]
    public void Without_a_length_the_values_go_to_the_end_of_the_file()
    {
        var (proto, data) = Split(TwoWeights());
        proto.Graph.Initializer[1].ExternalData.Remove(proto.Graph.Initializer[1].ExternalData.First(e => e.Key == "length"));
        Write((proto, data));

        Assert.Equal(64, TensorData.Floats(Load(1)).Length);
    }

    [Fact]
    public void A_file_in_a_folder_below_is_found()
    {
        var (proto, data) = Split(TwoWeights());
        Directory.CreateDirectory(Path.Combine(_folder, "weights"));
        File.WriteAllBytes(Path.Combine(_folder, "weights", DataFile), data);
        foreach (int i in new[] { 0, 1 })
        {
            SetRegion(proto, i, "location", $"weights/{DataFile}");
        }

        File.WriteAllBytes(ModelPath, proto.ToByteArray());
        Assert.Equal(64, TensorData.Floats(Load(0)).Length);
    }

    private static readonly (string Message, Action<ModelProto> Change)[] Faults =
    [
        ("no path below the model's folder", m => SetRegion(m, 0, "location", "/etc/passwd")),
        ("no path below the model's folder", m => SetRegion(m, 0, "location", "../m.onnx.data")),
        ("no path below the model's folder", m => SetRegion(m, 0, "location", "a/../../m.onnx.data")),
        ("no path below the model's folder", m => SetRegion(m, 0, "location", "..\\m.onnx.data")),
        ("no path below the model's folder", m => SetRegion(m, 0, "location", "C:m.onnx.data")),
        ("no path below the model's folder", m => SetRegion(m, 0, "location", "")),
        ("no path below the model's folder", m => SetRegion(m, 0, "location", "a\0b")),
        ("a symbolic link", m => SetRegion(m, 0, "location", "link.data")),
        ("a symbolic link", m => SetRegion(m, 0, "location", "linked/passwd")),
        ("'nobody.data', which is not there", m => SetRegion(m, 0, "location", "nobody.data")),
        ("have no location", m => m.Graph.Initializer[0].ExternalData.RemoveAt(0)),
        ("name 'location' twice", m => m.Graph.Initializer[0].ExternalData.Add(m.Graph.Initializer[0].ExternalData[0].Clone())),
        ("is no number of bytes", m => SetRegion(m, 0, "offset", "-4")),
        ("is no number of bytes", m => SetRegion(m, 0, "length", "all")),
        ("is no number of bytes", m => SetRegion(m, 0, "offset", "99999999999999999999")),
        ("of a file of", m => SetRegion(m, 0, "offset", "9223372036854775807")),
        ("of a file of", m => SetRegion(m, 1, "offset", "4096")),
        ("do not fill its shape", m => SetRegion(m, 0, "length", "12")),
        ("do not fill its shape", m => m.Graph.Initializer[0].Dims[0] = 9),
        ("its external data is not read", m => m.Graph.Initializer[0].Dims[0] = 1L << 62),
        ("its external data is not read", m => m.Graph.Initializer[0].Dims[0] = -1),
        ("its external data is not read", m => m.Graph.Initializer[0].DataType = 8),
        ("in part those of another tensor", m => SetRegion(m, 1, "offset", "4")),
        ("in part those of another tensor", m => (m.Graph.Initializer[1].Dims[0], m.Graph.Initializer[1].Dims[1]) = (Same(m) ? 4 : 0, 16)),
        ("in the model and external data", m => m.Graph.Initializer[0].FloatData.Add(1)),
        ("in the model and external data", m => m.Graph.Initializer[0].RawData = ByteString.CopyFrom(1)),
        ("says that its values are in the model", m => m.Graph.Initializer[0].DataLocation = 0),
    ];

    public static IEnumerable<object[]> FaultNames => Faults.Select((f, i) => new object[] { f.Message, i });

    [Theory]
    [MemberData(nameof(FaultNames))]
    public void A_region_that_breaks_a_rule_is_bad_input(string message, int fault)
    {
        var (proto, data) = Split(TwoWeights());
        Write((proto, data));
        File.CreateSymbolicLink(Path.Combine(_folder, "link.data"), Path.Combine(_folder, DataFile));
        File.CreateSymbolicLink(Path.Combine(_folder, "linked"), "/etc");
        Faults[fault].Change(proto);
        File.WriteAllBytes(ModelPath, proto.ToByteArray());

        var error = Assert.Throws<HilException>(() => OnnxModel.Load(ModelPath));
        Assert.Equal(ExitKind.BadInput, error.Kind);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains("initialiser 'c", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.WhatToDo);
    }

    [Fact]
    public void More_data_than_a_model_may_have_are_refused_unread()
    {
        var (proto, data) = Split(TwoWeights());
        using (var stream = File.OpenWrite(Path.Combine(_folder, DataFile)))
        {
            // A sparse file: its length costs nothing.
            stream.SetLength(2 * OnnxModel.MaximumBytes);
        }

        for (int i = 0; i < 2; i++)
        {
            TensorProto tensor = proto.Graph.Initializer[i];
            (tensor.Dims[0], tensor.Dims[1]) = (1 << 13, 1 << 13);
            SetRegion(proto, i, "length", "268435456");
            SetRegion(proto, i, "offset", (i * 268435456L).ToString(CultureInfo.InvariantCulture));
        }

        File.WriteAllBytes(ModelPath, proto.ToByteArray());
        Assert.Contains("more than the", Assert.Throws<HilException>(() => OnnxModel.Load(ModelPath)).Message, StringComparison.Ordinal);
        Assert.Equal(2 << 26, ModelOutline.Of(OnnxModel.LoadSkeleton(ModelPath)).Parameters);
    }

    [Fact]
    public void What_is_read_is_checked_like_any_value()
    {
        var (proto, data) = Split(TwoWeights());
        BitConverter.GetBytes(float.NaN).CopyTo(data, 8);
        Write((proto, data));

        Assert.Contains("NaN", Assert.Throws<HilException>(() => OnnxModel.Load(ModelPath)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_alone_with_values_in_another_file_are_refused()
    {
        var (proto, _) = Split(TwoWeights());

        var error = Assert.Throws<HilException>(() => OnnxModel.Parse(proto.ToByteArray(), "m", "m.onnx"));
        Assert.Equal(ExitKind.BadInput, error.Kind);
        Assert.Contains("external data", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_skeleton_needs_no_weights_and_says_which_file_is_missing()
    {
        byte[] bytes = TinyTransformer.Bytes();
        var (proto, _) = Split(ModelProto.Parser.ParseFrom(bytes), TensorData.Float);
        File.WriteAllBytes(ModelPath, proto.ToByteArray());

        OnnxModel skeleton = OnnxModel.LoadSkeleton(ModelPath);
        Assert.Equal([DataFile], skeleton.MissingFiles);
        Assert.Equal(
            ModelOutline.Of(OnnxModel.Parse(bytes, "m", "m.onnx")).Parameters, ModelOutline.Of(skeleton).Parameters);
        var (shapes, none) = Split(ModelProto.Parser.ParseFrom(bytes), TensorData.Int64);
        File.WriteAllBytes(ModelPath, shapes.ToByteArray());
        Assert.Contains("no weight", Assert.Throws<HilException>(() => OnnxModel.LoadSkeleton(ModelPath)).Message, StringComparison.Ordinal);
        Write((shapes, none));
        Assert.Empty(OnnxModel.LoadSkeleton(ModelPath).MissingFiles);
    }

    private static bool Same(ModelProto model)
    {
        SetRegion(model, 1, "offset", Value(model, 0, "offset"));
        return true;
    }

    private static ModelProto TwoWeights()
    {
        var m = new TinyModel("x", 1, 4, 8);
        m.Finish(m.Node("MatMul", [m.Node("MatMul", ["x", m.Weights(1, 8, 8)]), m.Weights(2, 8, 8)]));
        return m.Proto;
    }

    private static TensorProto Vector(float value, int count)
    {
        var tensor = new TensorProto { DataType = TensorData.Float };
        tensor.Dims.Add(count);
        tensor.FloatData.AddRange(Enumerable.Repeat(value, count));
        return tensor;
    }

    /// <summary>Moves values (of one type, or all) to a file of their own, each at the next multiple of a page.</summary>
    private static (ModelProto Model, byte[] Data) Split(ModelProto model, int type = 0)
    {
        var copy = model.Clone();
        using var data = new MemoryStream();
        foreach (var (tensor, _) in AllTensors.Of(copy).Where(t => type == 0 || t.Tensor.DataType == type))
        {
            data.SetLength((data.Length + Page - 1) / Page * Page);
            data.Position = data.Length;
            long offset = data.Position;
            data.Write(tensor.DataType == TensorData.Float
                ? MemoryMarshal.AsBytes<float>(TensorData.Floats(tensor))
                : MemoryMarshal.AsBytes<long>(TensorData.Longs(tensor)));
            tensor.FloatData.Clear();
            tensor.Int64Data.Clear();
            tensor.DataLocation = 1;
            foreach (var (key, value) in new[] { ("location", DataFile), ("offset", $"{offset}"), ("length", $"{data.Length - offset}") })
            {
                tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
            }
        }

        return (copy, data.ToArray());
    }

    private static void SetRegion(ModelProto model, int tensor, string key, string value) =>
        model.Graph.Initializer[tensor].ExternalData.First(e => e.Key == key).Value = value;

    private static string Value(ModelProto model, int tensor, string key) => model.Graph.Initializer[tensor].ExternalData.First(e => e.Key == key).Value;

    private void Write((ModelProto Model, byte[] Data) split)
    {
        File.WriteAllBytes(ModelPath, split.Model.ToByteArray());
        File.WriteAllBytes(Path.Combine(_folder, DataFile), split.Data);
    }

    private TensorProto Load(int tensor) => OnnxModel.Load(ModelPath).Proto.Graph.Initializer[tensor];

    private static IEnumerable<float> Weights(OnnxModel model) => OnnxImporter.Import(model).Layers.OfType<Product>().SelectMany(p => p.Weights);

    private static float[] Output(OnnxModel model)
    {
        using var reference = new FloatReference(model, []);
        int count = model.Inputs[0].Count;
        return reference.Run(Enumerable.Range(0, count).Select(i => MathF.Sin(i)).ToArray())[reference.OutputName];
    }
}
