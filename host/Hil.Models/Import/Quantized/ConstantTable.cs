using System.Buffers.Binary;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Quantized;

/// <summary>The constants of a graph as it is stored: initialisers and Constant nodes. Nothing is computed.</summary>
internal sealed class ConstantTable
{
    private readonly Dictionary<string, TensorProto> _tensors = [];

    public ConstantTable(GraphProto graph)
    {
        foreach (var tensor in graph.Initializer)
        {
            _tensors[tensor.Name] = tensor;
        }

        foreach (var node in graph.Node.Where(n => n.OpType == "Constant" && n.Output.Count == 1))
        {
            if (node.Attribute.FirstOrDefault(a => a.Name == "value")?.T is { } value)
            {
                _tensors[node.Output[0]] = value;
            }
            else if (node.Attribute.FirstOrDefault(a => a.Name == "value_float") is { } number)
            {
                _tensors[node.Output[0]] = new TensorProto { DataType = TensorData.Float, FloatData = { number.F } };
            }
        }
    }

    public bool Has(string? name) => name is not null && _tensors.ContainsKey(name);

    public int Type(string name) => _tensors[name].DataType;

    public long[] Dims(string name) => [.. _tensors[name].Dims];

    /// <summary>The values of a float32 constant, or null.</summary>
    public float[]? Floats(string? name) =>
        name is not null && _tensors.GetValueOrDefault(name) is { DataType: TensorData.Float } tensor ? TensorData.Floats(tensor) : null;

    /// <summary>The one value of a float32 constant, or null.</summary>
    public float? Number(string? name) => Floats(name) is [var value] ? value : null;

    /// <summary>The values of a constant of at most 32 bits, or null.</summary>
    public int[]? Integers(string? name)
    {
        if (name is null || _tensors.GetValueOrDefault(name) is not { } tensor || Bits(tensor.DataType) is not (var bits and > 0))
        {
            return null;
        }

        var raw = tensor.RawData.Span;
        if (bits == 4)
        {
            byte[] packed = raw.Length > 0 ? raw.ToArray() : [.. tensor.Int32Data.Select(v => unchecked((byte)v))];
            return
            [
                .. Enumerable.Range(0, (int)TensorData.Count(tensor.Dims)).Select(i =>
                {
                    var nibble = (packed[i / 2] >> (4 * (i % 2))) & 15;
                    return tensor.DataType == TensorData.Int4 && nibble > 7 ? nibble - 16 : nibble;
                }),
            ];
        }

        if (raw.Length == 0)
        {
            return [.. tensor.Int32Data];
        }

        var result = new int[raw.Length * 8 / bits];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = tensor.DataType switch
            {
                TensorData.Uint8 => raw[i],
                TensorData.Int8 => unchecked((sbyte)raw[i]),
                TensorData.Uint16 => BinaryPrimitives.ReadUInt16LittleEndian(raw[(2 * i)..]),
                TensorData.Int16 => BinaryPrimitives.ReadInt16LittleEndian(raw[(2 * i)..]),
                _ => BinaryPrimitives.ReadInt32LittleEndian(raw[(4 * i)..]),
            };
        }

        return result;
    }

    /// <summary>Both are left out, or the same constants.</summary>
    public bool AreEqual(string? a, string? b)
    {
        if (a == b)
        {
            return true;
        }

        var (x, y) = (Floats(a), Floats(b));
        var (i, j) = (Integers(a), Integers(b));
        return (x is not null && y is not null && x.AsSpan().SequenceEqual(y))
            || (i is not null && j is not null && i.AsSpan().SequenceEqual(j))
            || (a is null && j is not null && j.All(v => v == 0))
            || (b is null && i is not null && i.All(v => v == 0));
    }

    private static int Bits(int type) => type switch
    {
        TensorData.Uint4 or TensorData.Int4 => 4,
        TensorData.Uint8 or TensorData.Int8 => 8,
        TensorData.Uint16 or TensorData.Int16 => 16,
        TensorData.Int32 => 32,
        _ => 0,
    };
}
