using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Tests.Import;

public sealed class UnsupportedModels
{
    [Fact]
    public void All_unknown_operators_are_listed_at_once()
    {
        var m = new TinyModel("x", 1, 6, 8);
        var y = m.Node("Hardmax", ["x"]);
        var z = m.Node("CumSum", [y, m.Integers(1)]);

        var graph = OnnxImporter.TryImport(m.Parse(m.Node("MatMul", [z, m.Weights(1, 8, 8)])), out var unsupported);

        Assert.Null(graph);
        Assert.Equal(["Hardmax", "CumSum"], unsupported.Select(u => u.Operator));
        Assert.All(unsupported, u => Assert.NotEmpty(u.WhatToDo));
    }

    [Fact]
    public void Known_operators_in_unknown_patterns_are_listed_without_consequences()
    {
        var m = new TinyModel("x", 1, 6, 8);
        var a = m.Node("MatMul", ["x", m.Weights(1, 8, 8)]);
        var divided = m.Node("Div", [a, m.Node("MatMul", ["x", m.Weights(2, 8, 8)])]);
        var unlike = m.Node("Pow", [m.Node("MatMul", ["x", m.Weights(3, 8, 8)]), m.Node("MatMul", ["x", m.Weights(5, 8, 8)])]);
        var b = m.Node("MatMul", [unlike, m.Weights(4, 8, 8)]);

        var graph = OnnxImporter.TryImport(m.Parse(m.Node("Add", [divided, b])), out var unsupported);

        Assert.Null(graph);
        Assert.Equal(["Div", "Pow"], unsupported.Select(u => u.Operator));
    }

    /// <summary>65 powers are a table more than the device is given for one operator; the elements of [40, 30] are more than one row takes.</summary>
    [Theory]
    [InlineData(65, 2, 1, "no function the device has")]
    [InlineData(30, 40, 40, "no number, row or plain tensor")]
    public void A_function_of_too_many_columns_or_elements_is_refused(int columns, int rows, int constants, string reason)
    {
        var m = new TinyModel("x", 1, rows, columns);
        var exponents = m.Constant([.. Enumerable.Range(0, constants * columns).Select(i => 1 + (i / 100f))], constants, columns);

        OnnxImporter.TryImport(m.Parse(m.Node("Pow", [m.Node("Relu", ["x"]), exponents])), out var unsupported);

        Assert.Contains(reason, Assert.Single(unsupported).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_that_nothing_reads_are_not_looked_at()
    {
        var m = new TinyModel("x", 1, 6, 8);
        var y = m.Node("MatMul", ["x", m.Weights(1, 8, 8)]);
        m.Node("ReduceMean", [y], ("axes", new long[] { -1 }));
        m.Node("MatMul", [y, m.Weights(2, 8, 8)]);

        var graph = OnnxImporter.Import(m.Parse(y));

        Assert.Equal(y, Assert.Single(graph.Layers).Output);
    }

    [Fact]
    public void Rows_that_are_only_seen_are_copied()
    {
        var m = new TinyModel("x", 1, 6, 8);

        var graph = OnnxImporter.Import(m.Parse(m.Node("Slice", ["x", m.Integers(2), m.Integers(5), m.Integers(1)])));

        Assert.Equal(new RowRun("x", 2, 3, 1), Assert.Single(Assert.IsType<GatherRows>(Assert.Single(graph.Layers)).Runs));
    }

    [Fact]
    public void A_quotient_of_two_activations_is_refused_in_its_own_words()
    {
        var m = new TinyModel("x", 1, 6, 8);
        var divided = m.Node("Div", [m.Node("MatMul", ["x", m.Weights(1, 8, 8)]), m.Node("Sigmoid", [m.Node("MatMul", ["x", m.Weights(2, 8, 8)])])]);

        OnnxImporter.TryImport(m.Parse(divided), out var unsupported);

        Assert.Contains("sum, difference or product of two", Assert.Single(unsupported).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mask_that_depends_on_a_layer_is_no_mask_but_a_sum()
    {
        var m = new TinyModel("x", 1, 6, 8);
        var q = m.Node("MatMul", ["x", m.Weights(1, 8, 8)]);
        var k = m.Node("Transpose", [m.Node("MatMul", ["x", m.Weights(2, 8, 8)])], ("perm", new long[] { 0, 2, 1 }));
        var masked = m.Node("Add", [m.Node("MatMul", [q, k]), m.Node("MatMul", ["x", m.Weights(3, 8, 6)])]);
        var model = m.Parse(m.Node("MatMul", [m.Node("Softmax", [masked]), m.Node("MatMul", ["x", m.Weights(4, 8, 8)])]));

        var graph = OnnxImporter.Import(model);

        Assert.Equal([typeof(ActivationProduct), typeof(SoftmaxRows), typeof(ActivationProduct)], graph.Layers.Where(l => l is not Product).Select(l => l.GetType()));
        Assert.Single(graph.Layers.OfType<Product>(), p => p.Residual == graph.Layers.OfType<ActivationProduct>().First().Output);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(26)]
    public void Other_opsets_are_refused(int version)
    {
        var m = new TinyModel("x", 1, 6, 8);
        m.Proto.OpsetImport[0].Version = version;

        OnnxImporter.TryImport(m.Parse(m.Node("MatMul", ["x", m.Weights(1, 8, 8)])), out var unsupported);

        Assert.Contains(unsupported, u => u.Reason.Contains($"{version}", StringComparison.Ordinal));
    }

    [Fact]
    public void Symbolic_shapes_are_refused()
    {
        var m = new TinyModel("x", 1, 6, 8);
        m.Proto.Graph.Input[0].Type.TensorType.Shape.Dim[1] = new TensorShapeProto.Types.Dimension { DimParam = "frames" };

        OnnxImporter.TryImport(m.Parse(m.Node("MatMul", ["x", m.Weights(1, 8, 8)])), out var unsupported);

        var problem = Assert.Single(unsupported);
        Assert.Contains("'frames'", problem.Reason, StringComparison.Ordinal);
        Assert.Contains("--bind", problem.WhatToDo, StringComparison.Ordinal);
    }

    [Fact]
    public void Attention_of_a_batch_to_the_keys_of_all_is_two_products_around_a_softmax()
    {
        var m = new TinyModel("x", 1, 6, 8);
        var tokens = m.Node("MatMul", ["x", m.Weights(1, 8, 8)]);
        var scores = m.Node("MatMul", [m.Node("Reshape", [tokens, m.Integers(2, 3, 8)]), m.Node("Transpose", [tokens], ("perm", new long[] { 0, 2, 1 }))]);
        var context = m.Node("MatMul", [m.Node("Softmax", [scores], ("axis", 2)), tokens]);

        var graph = OnnxImporter.Import(m.Parse(context));

        Assert.Equal([typeof(Product), typeof(ActivationProduct), typeof(SoftmaxRows), typeof(ActivationProduct)], graph.Layers.Select(l => l.GetType()));
        Assert.All(graph.Layers.OfType<ActivationProduct>(), p => Assert.Equal(1, p.Batches));
    }
}
