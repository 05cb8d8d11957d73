using Google.Protobuf;
using Hil.Contract;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Tests.Import;

public sealed class ShapesAreInferred
{
    [Fact]
    public void What_the_device_is_to_run_does_not_run_for_its_shapes()
    {
        var m = new TinyModel("x", 1, 6, 8);
        string product = m.Node("MatMul", ["x", m.Weights(1, 8, 8)]);
        string beyond = m.Node("Gather", [product, m.Integers(100)], ("axis", 1));
        OnnxModel model = m.Parse(beyond);

        // Only a run would notice: the index is beyond the rows.
        Assert.Equal([1L, 1, 8], OnnxFacts.Of(model.Proto, model.Inputs, "m").Shape(beyond));
        var error = Assert.Throws<HilException>(() => OnnxImporter.Import(model));
        Assert.Equal(ExitKind.Unsupported, error.Kind);
        Assert.Contains("Gather", error.What, StringComparison.Ordinal);
    }

    [Fact]
    public void What_constants_depend_on_runs()
    {
        var m = new TinyModel("x", 1, 6, 8);
        string half = m.Node("Div", [m.Node("Gather", [m.Node("Shape", ["x"]), m.Integers(2)]), m.Integers(2)]);
        string product = m.Node("MatMul", ["x", m.Weights(1, 8, 8)]);
        string shaped = m.Node("Reshape", [product, m.Node("Concat", [m.Integers(1, -1), half], ("axis", 0))]);
        OnnxModel model = m.Parse(shaped);
        OnnxFacts facts = OnnxFacts.Of(model.Proto, model.Inputs, "m");

        Assert.Equal([4L], facts.Constant(half)!.Integers!);
        Assert.Equal([1L, 12, 4], facts.Shape(shaped));
        Assert.Null(facts.Constant(product));
    }

    [Fact]
    public void A_shape_that_only_values_tell_is_found_by_a_run()
    {
        var m = new TinyModel("x", 1, 6, 8);
        string places = m.Node("NonZero", [m.Node("MatMul", ["x", m.Weights(1, 8, 8)])]);
        OnnxModel model = m.Parse(places);
        OnnxFacts facts = OnnxFacts.Of(model.Proto, model.Inputs, "m");

        Assert.Equal([3L, 0], facts.Shape(places));
        Assert.False(facts.IsFloat(places));
    }

    [Fact]
    public void A_shape_that_the_file_claims_is_not_believed()
    {
        var m = new TinyModel("x", 1, 6, 8);
        string ids = m.Input("ids", TensorData.Int64, 2);
        string shaped = m.Node("Reshape", [m.Node("MatMul", ["x", m.Weights(1, 8, 8)]), m.Node("Add", [ids, m.Integers(12, 4)])]);
        m.Finish(shaped);
        var claim = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimValue = 1 }, new TensorShapeProto.Types.Dimension { DimValue = 48 } } };
        m.Proto.Graph.ValueInfo.Add(new ValueInfoProto
        {
            Name = shaped, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = TensorData.Float, Shape = claim } },
        });
        OnnxModel model = OnnxModel.Parse(m.Proto.ToByteArray(), "m", "m.onnx");

        Assert.Equal([12L, 4], OnnxFacts.Of(model.Proto, model.Inputs, "m").Shape(shaped));
    }
}
