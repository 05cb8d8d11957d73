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
        if (facts.Constant(right) is { } weights)
        {
            // One vector of weights is a matrix of one column, which the result does not show.
            long[] dims = weights.Dims.Length == 1 ? [weights.Dims[0], 1] : weights.Dims;
            if (weights.Floats is { } matrices && dims.Length > 2 && dims[..^2].Any(d => d != 1))
            {
                return LowerBatches(left, weights, matrices);
            }

            return weights.Floats is { } values && dims.Length >= 2 && dims[..^2].All(d => d == 1) && AsRows(Output) is not null
                ? LowerProduct(left, weights, values, (int)dims[^2], (int)dims[^1])
                : Unsupported("Its weights are no float32 matrix.", "Use one [inputs, outputs] matrix a linear layer.");
        }

        return (_values.GetValueOrDefault(left), _values.GetValueOrDefault(right)) switch
        {
            (Probabilities { KeysFirst: false } probabilities, View values) => LowerContext(probabilities, values),
            (View values, Probabilities { KeysFirst: true } probabilities) => LowerContext(probabilities, values),
            (View query, View key) when LeadsToAttention(Output) && LowerScores(query, key) is { } scores => scores,
            _ => LowerActivations(left, right),
        };
    }

    /// <summary>Several matrices of weights, each for a part of the rows or for all of them: as many products, one below the other.</summary>
    private Value LowerBatches(string left, Constant weights, float[] matrices)
    {
        if (Seen(left) is not { } view)
        {
            return Unseen(left);
        }

        if (view.Shape.Length == 1)
        {
            view = view with { Shape = [1, .. view.Shape], Strides = [view.Shape[0], .. view.Strides] };
        }

        var (k, n) = ((int)weights.Dims[^2], (int)weights.Dims[^1]);
        var shape = facts.Shape(Output);
        long[] batches = facts.Shape(left).Length == 1 ? shape[..^1] : shape[..^2];
        var (count, rows) = ((int)batches.Aggregate(1L, (a, b) => a * b), (int)view.Shape[^2]);
        if (count > MostPatterns || view.Shape[^1] != k || shape.Any(d => d < 1))
        {
            return Unsupported($"It has {count} products of {view.Shape[^1]} columns and {k} rows.", $"Use at most {MostPatterns} matrices of weights.");
        }

        var (own, strides) = (weights.Dims[..^2], Layout.Contiguous(weights.Dims));
        var products = new List<Base>();
        for (var i = 0; i < count; i++)
        {
            var part = new View(view.Base, [rows, k], view.Strides[^2..], 1) { Offset = view.Offset + Place(i, view.Shape[..^2], view.Strides) };
            if ((part.IsPlain && (view.Base.Rows, view.Base.Columns) == (rows, k) ? part : EmitPart(left, part)) is not { } source)
            {
                return Unsupported("Its input lies in an order that the device cannot bring into rows.", "Multiply [rows, columns] by one matrix a linear layer.");
            }

            var matrix = weights.IsBlank ? new float[k * n] : matrices.AsSpan((int)Place(i, own, strides), k * n).ToArray();
            var output = new Base { Rows = rows, Columns = n, Name = PartName(Output), RangeOf = Output };
            output.Producer = new ProductDraft(source.Base, output, string.Empty, matrix, Output) { ProductTensor = Output, IsBlank = weights.IsBlank };
            _drafts.Add(output.Producer);
            products.Add(output);
        }

        var elements = Enumerable.Range(0, count * rows * n).Select(e => (e / (rows * n), e % (rows * n)));
        return EmitRearranged(Output, products, new Rearrangement(count * rows, n, [.. elements]), shape)
            ?? Unsupported("What its products give cannot be put one below the other.", "Use one matrix a linear layer.") as Value;

        // Where the i-th batch begins in a tensor that is repeated to all batches.
        long Place(int i, long[] lengths, long[] steps)
        {
            var (rest, place) = ((long)i, 0L);
            for (var axis = 1; axis <= batches.Length; axis++)
            {
                var at = rest % batches[^axis];
                rest /= batches[^axis];
                place += axis <= lengths.Length && lengths[^axis] > 1 ? at * steps[lengths.Length - axis] : 0;
            }

            return place;
        }
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
        var shape = facts.Shape(node.Input[0]);
        var axis = (int)node.Int("axis", -1);
        axis = axis < 0 ? axis + shape.Length : axis;
        var rms = node.OpType != "LayerNormalization";
        var gamma = facts.Constant(node.InputAt(1))?.Floats;
        var beta = !rms && node.InputAt(2) is { } name ? facts.Constant(name)?.Floats : new float[gamma?.Length ?? 0];
        if (axis < 0 || axis >= shape.Length || gamma is null || beta is null)
        {
            return Unsupported("It does not normalize with constant gamma and beta.", "Export a layer normalization with weights.");
        }

        if (axis < shape.Length - 1)
        {
            return LowerNormalizationOfAxes(node, shape, axis, gamma, beta, rms);
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

    /// <summary>Over several axes, which become the columns of a row.</summary>
    private Value LowerNormalizationOfAxes(NodeProto node, long[] shape, int axis, float[] gamma, float[] beta, bool rms)
    {
        if (Seen(node.Input[0]) is not { } view)
        {
            return Unseen(node.Input[0]);
        }

        long[] rows = [shape[..axis].Aggregate(1L, (a, b) => a * b), shape[axis..].Aggregate(1L, (a, b) => a * b)];
        if (gamma.Length != rows[1] || beta.Length != rows[1])
        {
            return Unsupported("Gamma or beta do not have one value an element of what it normalizes.", "Normalize over the last axis.");
        }

        var merged = Layout.Reshape(view, rows) is { } strides ? view with { Shape = rows, Strides = strides } : null;
        var source = merged is { IsPlain: true } && (merged.Base.Rows, merged.Base.Columns) == (rows[0], rows[1]) ? merged
            : merged is null ? null : EmitPart(node.Input[0], merged);
        return source is null
            ? Unsupported("The axes that it normalizes cannot become the columns of a row.", "Normalize over the last axis.")
            : Emit(
                Output,
                b => new VectorDraft(b, (n, o) => new Normalize(n, source.Base.Name!, o, [.. gamma], [.. beta], node.Float("epsilon", 1e-5f)) { Rms = rms }),
                ((int)rows[0], (int)rows[1]));
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
