using Hil.Models.Graphs;
using Hil.Models.Import.Values;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Nodes;

/// <summary>Products with constant weights, normalization, class tokens.</summary>
internal sealed partial class Lowering
{
    private Value LowerMatMul(NodeProto node)
    {
        var (left, right) = (node.Input[0], node.Input[1]);
        if (facts.Constant(left) is not null)
        {
            return Unsupported("The constant is on the left.", "Multiply activations by weights from the right.");
        }

        if (facts.Constant(right) is { } weights)
        {
            // One vector of weights is a matrix of one column, which the result does not show.
            long[] dims = weights.Dims.Length == 1 ? [weights.Dims[0], 1] : weights.Dims;
            return weights.Floats is { } values && dims.Length >= 2 && dims[..^2].All(d => d == 1) && AsRows(Output) is not null
                ? LowerProduct(left, weights, values, (int)dims[^2], (int)dims[^1])
                : Unsupported("Its weights are no float32 matrix.", "Use one [inputs, outputs] matrix a linear layer.");
        }

        return (_values.GetValueOrDefault(left), _values.GetValueOrDefault(right)) switch
        {
            (Probabilities { KeysFirst: false } probabilities, View values) => LowerContext(probabilities, values),
            (View values, Probabilities { KeysFirst: true } probabilities) => LowerContext(probabilities, values),
            (View query, View key) => LowerScores(query, key),
            _ => Unsupported("It multiplies two activations that are no attention.", "Use softmax(q·kᵀ·scale)·v."),
        };
    }

    private Value LowerProduct(string input, Constant constant, float[] weights, int k, int n)
    {
        if (Materialize(input) is not { } source)
        {
            return new UnknownValue();
        }

        return source.Columns != k
            ? Unsupported($"Its input has {source.Columns} columns, its weights {k} rows.", "Check the exported model.")
            : Emit(Output, b => new ProductDraft(source, b, constant.Name, weights, Output) { IsBlank = constant.IsBlank }, (source.Rows, n));
    }

    private Value LowerGemm(NodeProto node)
    {
        if (facts.Constant(node.Input[1]) is not { Floats: { } b, Dims: [var first, var second] } weights)
        {
            return Unsupported("It is no product of activations and constant weights.", "Use a linear layer.");
        }

        var transposed = node.Int("transB", 0) != 0 && fault != ImporterFault.TransposedWeightsLost;
        var (k, n) = transposed ? ((int)second, (int)first) : ((int)first, (int)second);
        var alpha = node.Float("alpha", 1);
        var matrix = new float[b.Length];
        for (var i = 0; i < k && !weights.IsBlank; i++)
        {
            for (var j = 0; j < n; j++)
            {
                matrix[(i * n) + j] = alpha * (transposed ? b[(j * k) + i] : b[(i * n) + j]);
            }
        }

        if (node.Int("transA", 0) != 0)
        {
            if (Seen(node.Input[0]) is not { Shape.Length: 2 } view)
            {
                return Unseen(node.Input[0]);
            }

            var turned = view with { Shape = [view.Shape[1], view.Shape[0]], Strides = [view.Strides[1], view.Strides[0]] };
            if (EmitPart(node.Input[0], turned) is not { } rows)
            {
                return Unsupported("Its input is transposed in a way that the device cannot bring about.", "Export it without transA.");
            }

            _values[rows.Base.Name!] = rows;
            return LowerGemmOf(node, rows.Base.Name!, weights, matrix, k, n);
        }

        return LowerGemmOf(node, node.Input[0], weights, matrix, k, n);
    }

    private Value LowerGemmOf(NodeProto node, string input, Constant weights, float[] matrix, int k, int n)
    {
        var value = LowerProduct(input, weights, matrix, k, n);
        if (value is View { Base.Producer: ProductDraft product } && node.InputAt(2) is { } bias)
        {
            if (facts.Constant(bias) is not { Floats: { } c } constant || Layout.Broadcast(c, constant.Dims, [1, n]) is not { } row)
            {
                return Unsupported("Its bias is no constant row.", "Use a linear layer.");
            }

            var beta = fault == ImporterFault.BetaLost ? 1 : node.Float("beta", 1);
            product.Bias = [.. row.Select(v => beta * v)];
        }

        return value;
    }

    private Value LowerNormalization(NodeProto node)
    {
        var rank = facts.Shape(node.Input[0]).Length;
        var axis = node.Int("axis", -1);
        var rms = node.OpType != "LayerNormalization";
        var gamma = facts.Constant(node.InputAt(1))?.Floats;
        var beta = !rms && node.InputAt(2) is { } name ? facts.Constant(name)?.Floats : new float[gamma?.Length ?? 0];
        if ((axis != -1 && axis != rank - 1) || gamma is null || beta is null)
        {
            return Unsupported("It does not normalize rows with constant gamma and beta.", "Normalize over the last axis.");
        }

        if (Materialize(node.Input[0]) is not { } source)
        {
            return new UnknownValue();
        }

        var epsilon = node.Float("epsilon", 1e-5f);
        return gamma.Length != source.Columns || beta.Length != source.Columns || AsRows(Output) is null
            ? Unsupported("Gamma or beta do not have one value a column.", "Normalize over the last axis.")
            : Emit(Output, b => new VectorDraft(b, (n, o) => new Normalize(n, source.Name!, o, [.. gamma], [.. beta], epsilon) { Rms = rms }));
    }

    /// <summary>Constant rows (a class token) before or after what a product gives.</summary>
    private Value LowerConcat(NodeProto node)
    {
        var shape = facts.Shape(Output);
        var axis = node.Int("axis", 0);
        axis = axis < 0 ? axis + shape.Length : axis;
        string[] dynamic = [.. node.Input.Where(i => facts.Constant(i) is null)];
        if (dynamic is not [var only] || axis != RowAxis(shape) || AsRows(Output) is not { } size
            || _values.GetValueOrDefault(only) is View { IsPlain: true } view && OwnProduct(only, view.Base) is not { IsBare: true })
        {
            return LowerGeneralConcat(node);
        }

        if (Materialize(dynamic[0]) is not { } source)
        {
            return new UnknownValue();
        }

        if (OwnProduct(dynamic[0], source) is not { IsBare: true } product)
        {
            return Unsupported("The rows beside the constant ones are not given by a linear layer alone.", "Put the class token beside the embedding.");
        }

        var addend = new List<float>(size.Rows * size.Columns);
        foreach (var input in node.Input)
        {
            if (input == dynamic[0])
            {
                product.RowOffset = addend.Count / size.Columns;
                addend.AddRange(new float[source.Rows * source.Columns]);
            }
            else if (facts.Constant(input)!.Floats is { } rows)
            {
                addend.AddRange(rows);
            }
        }

        product.ProductTensor ??= source.Name;
        product.Addend = [.. addend];
        (source.Name, source.Rows) = (Output, size.Rows);
        return addend.Count == size.Rows * size.Columns
            ? PlainView(source, shape)
            : Unsupported("Its constants are no float32 rows.", "Use float32 class tokens.");
    }
}
