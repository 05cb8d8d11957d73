using Google.Protobuf;
using Hil.Contract;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Tests.Import;

/// <summary>Models that are small in the file and would be endless in memory or time: refused.</summary>
public sealed class HostileModels
{
    private const string Domain = "local";

    [Fact]
    public void Functions_that_call_each_other_are_named()
    {
        Refused(ExitKind.Unsupported, "call themselves", WithFunctions(("a", ["b"]), ("b", ["a"])));
    }

    [Fact]
    public void Functions_that_hold_nothing_but_calls_end()
    {
        // 2 to the power of 30 calls, and not one node.
        Refused(ExitKind.Unsupported, "too many", WithFunctions(
            [.. Enumerable.Range(0, 30).Select(i => (Name(i), i == 29 ? System.Array.Empty<string>() : [Name(i + 1), Name(i + 1)]))]));
    }

    [Fact]
    public void Large_constants_in_a_function_that_is_often_called_are_not_multiplied()
    {
        var model = WithFunctions([("a", [.. Enumerable.Repeat("b", 2000)]), ("b", [])]);
        var constant = new TensorProto { DataType = TensorData.Int64 };
        constant.Dims.Add(1 << 16);
        constant.Int64Data.AddRange(Enumerable.Repeat(1L, 1 << 16));
        model.Functions[1].Node.Add(new NodeProto { OpType = "Constant", Output = { "c" }, Attribute = { new AttributeProto { Name = "value", Type = 4, T = constant } } });

        Refused(ExitKind.Unsupported, "too many", model);
    }

    [Fact]
    public void A_function_without_the_output_that_is_read_is_bad_input()
    {
        Refused(ExitKind.BadInput, "with its local functions inlined", WithFunctions(("a", [])));
    }

    [Fact]
    public void A_bad_tensor_in_a_function_is_named()
    {
        var model = WithFunctions(("a", []));
        model.Functions[0].Node.Add(new NodeProto
        {
            OpType = "Constant", Name = "c", Output = { "y" }, Attribute = { new AttributeProto { Name = "value", Type = 4, T = new TensorProto { DataType = 8 } } },
        });

        Refused(ExitKind.BadInput, "function 'a', node 'c'", model);
    }

    [Fact]
    public void External_data_in_a_subgraph_are_seen()
    {
        var m = new TinyModel("x", 1, 6, 8);
        string output = m.Node("If", ["x"]);
        var inner = new GraphProto { Initializer = { new TensorProto { Name = "secret", DataType = 1, DataLocation = 1 } } };
        m.Proto.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "then_branch", Type = 5, G = inner });
        m.Finish(output);

        Refused(ExitKind.BadInput, "'secret': its values are in another file", m.Proto);
    }

    [Fact]
    public void A_graph_in_a_circle_is_bad_input()
    {
        var m = new TinyModel("x", 1, 6, 8);
        string output = m.Node("Add", ["x", "t1"]);
        m.Node("Relu", [output]);
        m.Finish(output);

        Refused(ExitKind.BadInput, "'t1', which no initialiser, input or earlier node gives", m.Proto);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Tensors_that_double_thirty_times_are_refused_unrun(bool isConstant)
    {
        var m = new TinyModel("x", 1, 6, 8);
        string tensor = isConstant ? m.Weights(1, 1, 6, 8) : "x";
        for (int i = 0; i < 30; i++)
        {
            tensor = m.Node("Concat", [tensor, tensor], ("axis", 0));
        }

        m.Finish(m.Node("Add", ["x", m.Node("ReduceMean", [tensor], ("axes", new long[] { 0 }))]));
        Refused(ExitKind.BadInput, "has more than 134217728 elements", m.Proto);
    }

    private static void Refused(ExitKind kind, string message, ModelProto model)
    {
        var error = Assert.Throws<HilException>(() => OnnxImporter.Import(OnnxModel.Parse(model.ToByteArray(), "hostile", "hostile.onnx")));
        Assert.Equal(kind, error.Kind);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static string Name(int i) => $"f{i}";

    /// <summary>A model that calls the first of these functions, each of which does nothing but call others.</summary>
    private static ModelProto WithFunctions(params (string Name, string[] Calls)[] functions)
    {
        var m = new TinyModel("x", 1, 6, 8);
        m.Finish(m.Node(functions[0].Name, ["x"]));
        m.Proto.Graph.Node[0].Domain = Domain;
        m.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = Domain, Version = 1 });
        foreach (var (name, calls) in functions)
        {
            var function = new FunctionProto { Domain = Domain, Name = name, Input = { "x" }, Output = { "y" } };
            function.Node.AddRange(calls.Select((c, i) => new NodeProto { OpType = c, Domain = Domain, Input = { "x" }, Output = { $"t{i}" } }));
            m.Proto.Functions.Add(function);
        }

        return m.Proto;
    }
}
