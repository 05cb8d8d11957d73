using System.Collections.Immutable;
using Hil.Compression.Ranges;
using Hil.Contract;
using Hil.Models.Graphs;
using Hil.Models.Quantized;

namespace Hil.Compression.Quantization;

/// <summary>Turns single layers into integers, given the tensors around them.</summary>
internal static class LayerQuantizer
{
    /// <summary>Scores are in 1/256 octave (docs/numerics.md §7).</summary>
    public const double ScoreStepsPerNat = 256 * 1.4426950408889634;

    /// <summary>Half of the accumulator is left for the sum.</summary>
    private const double LargestBias = 1 << 30;

    /// <summary>Of an addend to scores: beyond what int16 holds, so that −∞ has a number.</summary>
    private const double LargestBiasOfScores = 1e6;

    private const int WeightLimit = 127;
    private const int GainLimit = short.MaxValue;

    /// <summary>x̂ of a layer norm has 11 bits after the point.</summary>
    private const int NormalizedFraction = 11;

    /// <summary>A product whose output means scale · (q − zero), reached through a table if there is one.</summary>
    public static QProduct Product(
        Product layer, QTensor input, QTensor output, Index index, string? residual, ImmutableArray<short> initial, WeightGrid? grid = null)
    {
        var (k, n) = (layer.K, layer.N);
        var weights = new sbyte[k * n];
        var bias = new int[n];
        var wanted = WeightScales(layer, input.Scale, index, grid);
        var (multipliers, shift) = FixedPoint.Multipliers([.. wanted.Select(s => s * input.Scale / index.Scale)]);

        // The scales that the rounded multipliers really give: weights and biases absorb the rounding.
        double[] scales = [.. multipliers.Select(m => Math.ScaleB(m, -shift) * index.Scale / input.Scale)];
        for (var c = 0; c < n; c++)
        {
            var (sum, magnitude) = (0L, 0L);
            for (var r = 0; r < k; r++)
            {
                var weight = grid?.Scales[c] is not null
                    ? grid.Weights[(r * n) + c]
                    : FixedPoint.Round(layer.Weights[(r * n) + c] / scales[c], WeightLimit);
                weights[(r * n) + c] = (sbyte)weight;
                (sum, magnitude) = (sum + weight, magnitude + Math.Abs(weight));
            }

            var largest = magnitude * (input.Type == QType.Wide15 ? QTensor.Wide15Maximum : -sbyte.MinValue);
            if (largest > int.MaxValue)
            {
                throw new HilException(
                    ExitKind.Unsupported, $"column {c} could overflow the 32-bit accumulator.", layer.Name, "Use fewer inputs in this layer.");
            }

            var accumulatorScale = input.Scale * scales[c];
            var value = layer.Bias.IsEmpty ? 0 : layer.Bias[c];
            bias[c] = FixedPoint.RoundToInt32(((value + (index.Offset * index.Scale)) / accumulatorScale) - ((double)input.ZeroPoint * sum));
        }

        return new QProduct(
            layer.Name, input.Name, output.Name, k, n, [.. weights], [.. bias], multipliers, shift, index.Table, residual, initial, layer.OutputRowOffset)
        {
            Window = layer.Window,
            Meaning = index.Meaning,
        };
    }

    /// <summary>What a requantized product is: a step of <paramref name="Scale"/>, zero at <paramref name="Offset"/>, then a table or none.</summary>
    public sealed record Index(double Scale, int Offset, ImmutableArray<sbyte> Table, TableMeaning? Meaning)
    {
        public static Index Direct(double scale) => new(scale, 0, [], null);

        /// <summary>
        /// An int8 tensor as a model stores it: where it has a zero point or fewer than all elements, a table that gives each index itself,
        /// so that −128 and the model's own limits are kept.
        /// </summary>
        public static Index Of(double scale, TensorEncoding? encoding) =>
            encoding is null or { ZeroPoint: 0, Minimum: <= -127, Maximum: 127 } ? Direct(scale) : Exact(scale, encoding);

        /// <summary>The same with every element that the model has, −128 too where it is one.</summary>
        public static Index Exact(double scale, TensorEncoding encoding) => encoding is { ZeroPoint: 0, Minimum: -127, Maximum: 127 }
            ? Direct(scale)
            : new(
                scale, encoding.ZeroPoint, Limited(encoding),
                encoding is { Minimum: sbyte.MinValue, Maximum: sbyte.MaxValue } ? new TableMeaning(Activation.None, scale, encoding.ZeroPoint) : null);

        private static ImmutableArray<sbyte> Limited(TensorEncoding encoding) =>
            [.. Enumerable.Range(0, 256).Select(i => (sbyte)Math.Clamp(unchecked((sbyte)i), encoding.Minimum, encoding.Maximum))];
    }

    /// <summary>
    /// The int8 table of an activation over the calibrated range of its argument: index, and the output's scale and zero point.
    /// All 256 values of both index and output are used (an affine output: GELU reaches only −0.17 below zero).
    /// </summary>
    /// <param name="activation">The function.</param>
    /// <param name="function">The function where <paramref name="activation"/> is Other.</param>
    /// <param name="range">Of the argument.</param>
    /// <param name="argument">How the model stores the argument; null: not said.</param>
    /// <param name="result">How the model stores the result; null: not said.</param>
    public static (Index Index, double OutputScale, int OutputZero) Table(
        Activation activation, ScalarFunction? function, TensorRange range, TensorEncoding? argument, TensorEncoding? result)
    {
        argument ??= function?.Grid;

        // Beyond these the function is constant to within a step of int8.
        if (activation == Activation.Relu)
        {
            // The index is the output itself, cut off at zero.
            argument ??= result;
        }

        var (floor, ceiling) = activation switch
        {
            Activation.Gelu or Activation.GeluTanh => (-4.0, double.PositiveInfinity),
            Activation.QuickGelu => (-5.0, double.PositiveInfinity),
            Activation.Silu => (-8.0, double.PositiveInfinity),
            Activation.Relu => (0.0, double.PositiveInfinity),
            Activation.Tanh => (-4.0, 4.0),
            Activation.Sigmoid => (-8.0, 8.0),
            _ => (double.NegativeInfinity, double.PositiveInfinity),
        };
        // Zero is within the range, as in every format that exchanges quantized models; scales are float32 numbers for the same reason.
        var low = Math.Min(Math.Max(range.Minimum, floor), 0);
        var high = Math.Max(Math.Min(range.Maximum, ceiling), Math.Max(low + 1e-6, 0));
        var scale = argument?.Scale ?? FixedPoint.Scale((high - low) / 255);
        var offset = argument?.ZeroPoint ?? -128 - FixedPoint.Round(low / scale, 1 << 20);
        double[] values = [.. Enumerable.Range(-128, 256).Select(i => (i - offset) * scale)
            .Select(x => Finite(function is null ? Functions.Evaluate(activation, x) : function.Evaluate(x)))];
        var (least, most) = (Math.Min(0, values.Min()), Math.Max(0, values.Max()));
        var outputScale = result?.Scale ?? (most > least ? FixedPoint.Scale((most - least) / 255) : 1);
        var outputZero = result?.ZeroPoint ?? -128 - FixedPoint.Round(least / outputScale, 255);
        var (smallest, largest) = (result?.Minimum ?? sbyte.MinValue, result?.Maximum ?? sbyte.MaxValue);
        var table = new sbyte[256];
        for (var i = -128; i < 128; i++)
        {
            table[i & 255] = (sbyte)Math.Clamp((long)FixedPoint.RoundToInt32(values[i + 128] / outputScale) + outputZero, smallest, largest);
        }

        return (new Index(scale, offset, [.. table], function is null ? new TableMeaning(activation, scale, offset) : null), outputScale, outputZero);
    }

    // Beyond the edge of where a function is defined (a root, a logarithm) lies at most a step of its argument.
    private static double Finite(double y) => double.IsFinite(y) ? y : 0;

    public static QAttention Attention(
        Attention layer, QTensor query, QTensor key, QTensor value, QTensor output, IReadOnlyList<QMask> masks)
    {
        if (!(layer.Scale > 0))
        {
            throw new HilException(ExitKind.Unsupported, "its scores have no positive scale.", layer.Name, "Use softmax(q·kᵀ·scale) with scale > 0.");
        }

        var (scores, scoreShift) = FixedPoint.Multiplier(query.Scale * key.Scale * layer.Scale * ScoreStepsPerNat);
        var (context, contextShift) = FixedPoint.Multiplier(value.Scale / output.Scale);
        var keys = key.Rows / layer.Windows;
        var mask = layer.Mask ?? new KeyMask(null, [], keys, false);
        return new QAttention(
            layer.Name,
            query.Name,
            key.Name,
            value.Name,
            output.Name,
            layer.Heads,
            layer.HeadSize,
            scores,
            scoreShift,
            context,
            contextShift,
            mask.Causal ? keys : mask.FirstLength,
            layer.ScoresNode,
            layer.SoftmaxNode,
            layer.ContextNode)
        {
            ValueSize = layer.ValueSize,
            Windows = layer.Windows,
            Causal = mask.Causal,
            FirstLength = mask.FirstLength,
            Mask = mask.Input is { } input ? masks.First(m => m.Source == input).Name : null,
            Keys = [.. mask.Keys.Select(k => (sbyte)(k ? 1 : 0))],
            Bias = [.. layer.Bias.Where((_, i) => mask.Causal || i % keys < mask.FirstLength).Select(b => (short)FixedPoint.Round(Math.Max(b, -LargestBiasOfScores) * ScoreStepsPerNat, short.MaxValue))],
        };
    }

    public static QActivationProduct ActivationProduct(ActivationProduct layer, QTensor left, QTensor right, QTensor output)
    {
        var (multiplier, shift) = FixedPoint.Multiplier(left.Scale * right.Scale * layer.Factor / output.Scale);
        return new QActivationProduct(layer.Name, left.Name, right.Name, output.Name, multiplier, shift)
        {
            Batches = layer.Batches,
            IsTransposed = layer.IsTransposed,
            IsLeftBeside = layer.IsLeftBeside,
            IsRightBeside = layer.IsRightBeside,
            IsOutputBeside = layer.IsOutputBeside,
        };
    }

    public static QNormalize Normalize(Normalize layer, QTensor input, QTensor? output8, QTensor? output16)
    {
        var n = input.Columns;
        var scale = (output8 ?? output16)!.Scale;
        var gain = layer.Gamma.Max(Math.Abs) / Math.ScaleB(scale, NormalizedFraction);
        // A zero point goes into the bias where int8 is the only output; a plan never gives one to a layer of two outputs.
        var zero = output16 is null ? output8!.ZeroPoint : 0;
        var bias = layer.Beta.Max(b => Math.Abs((b / scale) + zero));
        var shift = 40;
        while (shift > 0 && (Math.ScaleB(gain, shift) > GainLimit || Math.ScaleB(bias, shift) > LargestBias))
        {
            shift--;
        }

        var shift16 = output8 is not null && output16 is not null
            ? shift - (int)Math.Round(Math.Log2(output8.Scale / output16.Scale))
            : shift;
        if (shift16 < 0)
        {
            throw new HilException(ExitKind.Unsupported, "its gains are too large for its two outputs.", layer.Name, "Check gamma and the calibration data.");
        }

        var epsilon = layer.Epsilon * n * n / (input.Scale * input.Scale);
        return new QNormalize(
            layer.Name,
            input.Name,
            output8?.Name,
            output16?.Name,
            [.. layer.Gamma.Select(g => (short)FixedPoint.Round(Math.ScaleB(g / Math.ScaleB(scale, NormalizedFraction), shift), GainLimit))],
            [.. layer.Beta.Select(b => FixedPoint.RoundToInt32(Math.ScaleB((b / scale) + zero, shift)))],
            output8 is null ? 0 : shift,
            output16 is null ? 0 : shift16,
            (uint)Math.Clamp(Math.Round(epsilon), 0, uint.MaxValue))
        {
            Rms = layer.Rms,
        };
    }

    /// <summary>A tensor in another scale, width or through a table.</summary>
    public static QMap Map(string name, QTensor input, QTensor output, Index index)
    {
        var (multiplier, shift) = FixedPoint.Multiplier(input.Scale / index.Scale);
        var bias = FixedPoint.RoundToInt32((index.Offset * index.Scale / input.Scale) - input.ZeroPoint);
        return new QMap(name, input.Name, output.Name, bias, multiplier, shift, index.Table) { Meaning = index.Meaning };
    }

    /// <summary>
    /// One symmetric scale a column: its largest weight is 127. It is kept within 2⁻⁹ of the largest, so that its multiplier has bits
    /// to say it and its bias fits (columns of zeros in pruned models have a bias and nothing else).
    /// </summary>
    private static double[] WeightScales(Product layer, double inputScale, Index index, WeightGrid? grid)
    {
        const double SmallestShare = 1.0 / 512;
        var (scales, floors) = (new double[layer.N], new double[layer.N]);
        for (var c = 0; c < layer.N; c++)
        {
            for (var r = 0; r < layer.K; r++)
            {
                scales[c] = Math.Max(scales[c], Math.Abs(layer.Weights[(r * layer.N) + c]) / (double)WeightLimit);
            }

            var bias = Math.Abs((layer.Bias.IsEmpty ? 0 : layer.Bias[c]) + (index.Offset * index.Scale));
            floors[c] = bias / (inputScale * LargestBias);
        }

        var largest = scales.Max();
        var floor = largest > 0 ? largest * SmallestShare : 1;
        for (var c = 0; c < layer.N && grid is not null; c++)
        {
            // A bias that is too large for the grid's accumulator is the other reason to leave it.
            grid.Scales[c] = grid.Scales[c] >= floors[c] ? grid.Scales[c] : null;
        }

        return [.. scales.Zip(floors, (s, f) => Math.Max(Math.Max(s, f), floor)).Select((s, c) => grid?.Scales[c] ?? s)];
    }
}
