using Google.Protobuf;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;
using Hil.Models.Tests.Import;

namespace Hil.Models.Tests.Onnx;

public sealed class OutlinesCountOperators
{
    [Fact]
    public void By_name_those_of_other_domains_with_theirs()
    {
        var m = new TinyModel("x", 1, 4);
        string sum = m.Node("Add", [m.Node("Relu", ["x"]), m.Weights(1, 4)]);
        m.Proto.Graph.Node[^1].Domain = "ai.onnx";
        string gelu = m.Node("Gelu", [sum]);
        m.Proto.Graph.Node[^1].Domain = "com.microsoft";
        m.Proto.OpsetImport.Insert(0, new OperatorSetIdProto { Domain = "com.microsoft", Version = 1 });
        m.Finish(m.Node("Relu", [gelu]));

        ModelOutline outline = ModelOutline.Of(OnnxModel.Parse(m.Proto.ToByteArray(), "m", "m.onnx"));

        Assert.Equal([("Add", 1), ("Relu", 2), ("com.microsoft.Gelu", 1)], outline.Operators.Select(o => (o.Key, o.Value)));
        Assert.Equal((4, 16), (outline.Parameters, outline.ParameterBytes));
        Assert.Equal(m.Proto.OpsetImport[1].Version, outline.Opset);
    }
}
