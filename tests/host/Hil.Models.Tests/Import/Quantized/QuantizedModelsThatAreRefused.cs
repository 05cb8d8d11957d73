using System.Collections.Immutable;
using Hil.Contract;
using Hil.Models.Import;
using Hil.Models.Onnx;

namespace Hil.Models.Tests.Import.Quantized;

/// <summary>What cannot be kept is refused: one complete list, each with its node, its reason, and what to do.</summary>
public sealed class QuantizedModelsThatAreRefused
{
    [Fact]
    public void Dynamic_quantization_says_to_quantize_statically()
    {
        var m = New();
        var x = m.Node("DynamicQuantizeLinear", ["x"]);
        var node = m.Proto.Graph.Node[^1];
        node.Output.Add("scale");
        node.Output.Add("zero");
        var sum = m.Node("MatMulInteger", [x, m.Bytes(true, new int[48], 8, 6), "zero"]);
        var y = m.Node("Mul", [m.Node("Cast", [sum], ("to", 1)), "scale"]);

        var list = Refused(m.Parse(y));

        Assert.Equal(["DynamicQuantizeLinear", "MatMulInteger"], list.Select(u => u.Operator));
        Assert.All(list, u => Assert.Contains("quantize_static", u.WhatToDo, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(SpelledModels.Microsoft, "QAttention", "op_types_to_quantize")]
    [InlineData(SpelledModels.Microsoft, "DynamicQuantizeMatMul", "quantize_static")]
    [InlineData(SpelledModels.Microsoft, "MatMulNBits", "DequantizeLinear")]
    [InlineData(SpelledModels.Qonnx, "BipolarQuant", "2 bits")]
    public void Operators_of_quantizers_are_named(string domain, string op, string advice)
    {
        var m = New();
        var y = m.Other(domain, op, ["x", m.Scalar(0.1)]);

        var problem = Assert.Single(Refused(m.Parse(m.Node("MatMul", [y, m.Weights(1, 8, 6)]))));

        Assert.Contains(op, problem.Operator, StringComparison.Ordinal);
        Assert.Contains(advice, problem.WhatToDo, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("another scale")]
    [InlineData("another zero point")]
    [InlineData("scales along two axes")]
    [InlineData("a scale a channel, a zero")]
    [InlineData("a computed scale")]
    public void A_pair_that_is_no_quantizer_is_refused(string fault)
    {
        var m = New();
        string scale = m.Scalar(0.1), zero = m.Zero(true, 0);
        string perChannel = m.Constant([.. Enumerable.Repeat(0.1f, 8)], 8), zeros = m.Bytes(true, new int[8], 8), none = m.Constant([.. Enumerable.Repeat(0.1f, 7), 0], 8);
        string Computed() => m.Node("Abs", [m.Node("ReduceMax", ["x"], ("keepdims", 0))]);
        var (first, second) = fault switch
        {
            "another scale" => ((scale, zero), (m.Scalar(0.2), zero)),
            "another zero point" => ((scale, zero), (scale, m.Zero(true, 1))),
            "scales along two axes" => ((perChannel, zeros), (perChannel, zeros)),
            "a scale a channel, a zero" => ((none, zeros), (none, zeros)),
            _ => ((Computed(), zero), (scale, zero)),
        };
        var isByChannel = fault.StartsWith("scale", StringComparison.Ordinal) || fault.StartsWith("a scale", StringComparison.Ordinal);
        (string, object)[] axis = isByChannel ? [("axis", 2)] : [], other = fault == "scales along two axes" ? [("axis", 1)] : axis;
        var q = m.Node("QuantizeLinear", [fault == "scales along two axes" ? m.Node("MatMul", ["x", m.Weights(2, 8, 8)]) : "x", first.Item1, first.Item2], axis);
        var x = m.Node("DequantizeLinear", [q, second.Item1, second.Item2], other);

        var list = Refused(m.Parse(m.Node("MatMul", [x, m.Weights(1, 8, 6)])));

        var problem = Assert.Single(list, u => u.Operator == "DequantizeLinear");
        Assert.Contains("quantize_static", problem.WhatToDo, StringComparison.Ordinal);
        Assert.Contains(isByChannel ? "8 scales along axis 2" : "no half of a quantizer", problem.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CEIL", 8, 0)]
    [InlineData("ROUND", 1, 0)]
    [InlineData("ROUND", 17, 0)]
    [InlineData("ROUND", 8, 0.5)]
    public void Quant_of_another_kind_is_refused(string rounding, int bits, double zero)
    {
        var m = New();
        var x = m.Other(SpelledModels.Qonnx, "Quant", ["x", m.Scalar(0.1), m.Scalar(zero), m.Scalar(bits)], ("rounding_mode", rounding), ("signed", 1), ("narrow", 0));

        var problem = Assert.Single(Refused(m.Parse(m.Node("MatMul", [x, m.Weights(1, 8, 6)]))));

        Assert.Contains("nearest even", problem.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void QLinear_operators_with_foreign_scales_are_refused()
    {
        var m = New();
        var x = m.Node("QuantizeLinear", ["x", m.Scalar(0.1), m.Zero(true, 0)]);
        var y = m.Node(
            "QLinearMatMul",
            [x, m.Scalar(0.3), m.Zero(true, 0), m.Bytes(true, new int[48], 8, 6), m.Scalar(0.1), m.Zero(true, 0), m.Scalar(0.1), m.Zero(true, 0)]);

        var list = Refused(m.Parse(m.Node("DequantizeLinear", [y, m.Scalar(0.1), m.Zero(true, 0)])));

        Assert.Contains(list, u => u.Operator == "QLinearMatMul" && u.Node == 1);
    }

    [Fact]
    public void The_whole_list_is_one_error()
    {
        var m = New();
        var x = m.Other(SpelledModels.Qonnx, "Quant", ["x", m.Scalar(0.1), m.Scalar(0), m.Scalar(8)], ("rounding_mode", "FLOOR"));
        var y = m.Other(SpelledModels.Microsoft, "QAttention", [x, m.Scalar(0.1)]);

        var error = Assert.Throws<HilException>(() => OnnxImporter.Import(m.Parse(m.Node("CumSum", [y, m.Integers(1)]))));

        Assert.Equal(ExitKind.Unsupported, error.Kind);
        Assert.All(new[] { "Quant", "QAttention", "CumSum", "node 0", "node 1", "node 2" }, t => Assert.Contains(t, error.Message, StringComparison.Ordinal));
    }

    private static TinyModel New() => new("x", 1, 4, 8);

    private static ImmutableArray<UnsupportedNode> Refused(OnnxModel model)
    {
        Assert.Null(OnnxImporter.TryImport(model, out var unsupported));
        Assert.All(unsupported, u => Assert.True(u.Name.Length > 0 && u.Reason.Length > 0 && u.WhatToDo.Length > 0, u.ToString()));
        return unsupported;
    }
}
