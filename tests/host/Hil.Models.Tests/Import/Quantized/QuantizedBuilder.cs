using Google.Protobuf;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;
using Hil.Models.Tests.Import;

namespace Hil.Models.Tests.Import.Quantized;

/// <summary>Integer constants, quantizers and operators of other domains for <see cref="TinyModel"/>.</summary>
internal static class QuantizedBuilder
{
    /// <summary>A constant of 8-bit elements.</summary>
    public static string Bytes(this TinyModel m, bool isSigned, int[] values, params long[] dims) =>
        m.Typed(isSigned ? TensorData.Int8 : TensorData.Uint8, [.. values.Select(v => unchecked((byte)v))], dims);

    public static string Ints(this TinyModel m, int[] values, params long[] dims) =>
        m.Typed(TensorData.Int32, [.. values.SelectMany(BitConverter.GetBytes)], dims);

    /// <summary>A constant of 4-bit elements, two a byte.</summary>
    public static string Nibbles(this TinyModel m, int[] values, params long[] dims)
    {
        var packed = new byte[(values.Length + 1) / 2];
        for (var i = 0; i < values.Length; i++)
        {
            packed[i / 2] |= (byte)((values[i] & 15) << (4 * (i % 2)));
        }

        return m.Typed(TensorData.Int4, packed, dims);
    }

    public static string Typed(this TinyModel m, int type, byte[] bytes, params long[] dims)
    {
        var tensor = new TensorProto { Name = $"q{m.Proto.Graph.Initializer.Count}", DataType = type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.AddRange(dims);
        m.Proto.Graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    /// <summary>A number without dimensions.</summary>
    public static string Scalar(this TinyModel m, double value) => m.Constant([(float)value]);

    /// <summary>The zero point of a quantizer.</summary>
    public static string Zero(this TinyModel m, bool isSigned, int zero) => m.Bytes(isSigned, [zero]);

    /// <summary>QuantizeLinear and DequantizeLinear.</summary>
    public static string Qdq(this TinyModel m, string x, double scale, int zero = 0, bool isSigned = true)
    {
        string[] parameters = [m.Scalar(scale), m.Zero(isSigned, zero)];
        return m.Node("DequantizeLinear", [m.Node("QuantizeLinear", [x, .. parameters]), .. parameters]);
    }

    /// <summary>A node of another operator domain.</summary>
    public static string Other(this TinyModel m, string domain, string op, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var output = m.Node(op, inputs, [.. attributes.Where(a => a.Value is not string)]);
        var node = m.Proto.Graph.Node[^1];
        node.Domain = domain;
        foreach (var (name, value) in attributes.Where(a => a.Value is string))
        {
            node.Attribute.Add(new AttributeProto { Name = name, S = ByteString.CopyFromUtf8((string)value), Type = 3 });
        }

        if (m.Proto.OpsetImport.All(o => o.Domain != domain))
        {
            m.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = 1 });
        }

        return output;
    }
}
