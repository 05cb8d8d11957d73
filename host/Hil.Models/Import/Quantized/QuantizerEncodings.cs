using System.Globalization;
using Hil.Models.Graphs;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Quantized;

/// <summary>What a quantizer's nodes say about the tensor.</summary>
internal sealed partial class QuantizerRemoval
{
    /// <summary>The encoding with the limits of a Clip before the quantizer, if they lie within its range.</summary>
    private TensorEncoding? Limits(NodeProto clip, TensorEncoding encoding)
    {
        if (_constants.Number(clip.InputAt(1)) is not { } low || _constants.Number(clip.InputAt(2)) is not { } high)
        {
            return null;
        }

        var least = (int)Math.Round(Math.Clamp(low / encoding.Scale, int.MinValue / 2, int.MaxValue / 2)) + encoding.ZeroPoint;
        var most = (int)Math.Round(Math.Clamp(high / encoding.Scale, int.MinValue / 2, int.MaxValue / 2)) + encoding.ZeroPoint;
        return least < most
            ? encoding with { Minimum = Math.Max(encoding.Minimum, least), Maximum = Math.Min(encoding.Maximum, most) }
            : null;
    }

    private (string Source, TensorEncoding Encoding)? Pair(NodeProto dequantize)
    {
        var integers = dequantize.Input[0];
        var (low, high) = (int.MinValue, int.MaxValue);
        if (_producers.GetValueOrDefault(integers) is { OpType: "Clip" } clip)
        {
            if (_constants.Integers(clip.InputAt(1)) is [var first])
            {
                low = first;
            }

            if (_constants.Integers(clip.InputAt(2)) is [var last])
            {
                high = last;
            }

            integers = clip.Input[0];
        }

        if (Quantizer(integers) is not { } quantize || Type(quantize) is not { } type
            || _constants.Floats(quantize.Input[1]) is not { Length: > 0 } scales || !Array.TrueForAll(scales, s => s > 0 && float.IsFinite(s))
            || (!_constants.AreEqual(quantize.Input[1], dequantize.Input[1]) && _fault != ImporterFault.UnequalPairs) || !_constants.AreEqual(quantize.InputAt(2), dequantize.InputAt(2)))
        {
            return null;
        }

        var zeros = quantize.InputAt(2) is { } name ? _constants.Integers(name) : [0];
        var (least, most) = (Math.Max(low, type.Minimum) - type.Shift, Math.Min(high, type.Maximum) - type.Shift);
        if (zeros is null || (zeros.Length != scales.Length && zeros.Length != 1))
        {
            return null;
        }

        int[] centres = [.. zeros.Select(z => _fault == ImporterFault.ZeroPointOfUnsigned ? z : z - type.Shift)];
        return scales.Length == 1 ? (quantize.Input[0], new TensorEncoding(scales[0], centres[0], least, most))
            : quantize.Int("axis", 1) == dequantize.Int("axis", 1) && quantize.Int("block_size", 0) == 0 ? (quantize.Input[0], ByChannel(quantize, scales, centres, least, most))
            : null;
    }

    /// <summary>The one scale that holds all values of a tensor with a scale a channel, where no layer takes the others in.</summary>
    private TensorEncoding ByChannel(NodeProto quantize, float[] scales, int[] centres, int least, int most)
    {
        int Centre(int i) => centres[centres.Length == 1 ? 0 : i];
        var (scale, centre) = (scales.Max(), centres[0]);
        if (centres.Any(c => c != centre))
        {
            var bottom = scales.Select((s, i) => (least - Centre(i)) * (double)s).Min();
            var top = scales.Select((s, i) => (most - Centre(i)) * (double)s).Max();
            scale = (float)((top - bottom) / (most - least));
            centre = Math.Clamp(least - (int)Math.Round(bottom / scale), least, most);
        }

        _notes.Add((Root(quantize.Input[0]), string.Create(
            CultureInfo.InvariantCulture,
            $"it has {scales.Length} scales along axis {quantize.Int("axis", 1)}, of which a tensor of the device keeps one, {scale:G4}: the channel of the finest, {scales.Min():G4}, loses {Math.Log2(scale / scales.Min()):F1} bits.")));
        return new TensorEncoding(scale, centre, least, most);
    }

    /// <summary>The QuantizeLinear that gives the index of a table of 256 entries of int8, of which a Gather takes one; null if the node is no such Gather.</summary>
    private NodeProto? Index(NodeProto node) =>
        node.OpType == "Gather" && node.Input.Count > 1 && node.Int("axis", 0) == 0 && _constants.Has(node.Input[0]) && _constants.Type(node.Input[0]) == TensorData.Int8
        && _constants.Dims(node.Input[0]) is [256] && _producers.GetValueOrDefault(node.Input[1]) is { OpType: "Cast" } cast ? Quantizer(cast.Input[0]) : null;

    /// <summary>How the entries of a table are stored that a DequantizeLinear reads; null if it reads no table.</summary>
    private TensorEncoding? Entry(NodeProto dequantize) =>
        _producers.GetValueOrDefault(dequantize.Input[0]) is { } table && Index(table) is not null && _constants.Number(dequantize.Input[1]) is > 0 and var scale
        && (dequantize.InputAt(2) is { } zero ? _constants.Integers(zero) : [0]) is [var centre] ? new(scale, centre, sbyte.MinValue, sbyte.MaxValue) : null;

    private NodeProto? Quantizer(string integers) =>
        _producers.GetValueOrDefault(integers) is { OpType: "QuantizeLinear" } node && !_independent.Contains(integers) ? node : null;

    private (int Minimum, int Maximum, int Shift)? Type(NodeProto quantize) => QuantizedTypes.Range(
        quantize.InputAt(2) is { } zero && _constants.Has(zero) ? _constants.Type(zero) : (int)quantize.Int("output_dtype", TensorData.Uint8));

    /// <summary>Clip(Round(Div(x, s)), low, high) · s.</summary>
    private (string Source, TensorEncoding Encoding)? Portable(NodeProto product)
    {
        return _constants.Number(product.Input[1]) is { } scale && scale > 0
            && _producers.GetValueOrDefault(product.Input[0]) is { OpType: "Clip" } clip
            && _producers.GetValueOrDefault(clip.Input[0]) is { OpType: "Round" } round
            && _producers.GetValueOrDefault(round.Input[0]) is { OpType: "Div" } division && _constants.Number(division.Input[1]) == scale
            && _constants.Number(clip.InputAt(1)) is { } low && _constants.Number(clip.InputAt(2)) is { } high
            && low >= short.MinValue && high <= short.MaxValue && low < high
            ? (division.Input[0], new TensorEncoding(scale, 0, (int)low, (int)high))
            : null;
    }
}
