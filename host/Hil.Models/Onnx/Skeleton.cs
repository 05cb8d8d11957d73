using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Google.Protobuf;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Onnx;

/// <summary>
/// An ONNX file without the values of its large tensors. Field numbers are those of onnx.proto; the encoding is that of Protocol Buffers
/// (its documentation, "Encoding"): a tag of field number and wire type, then a number, or a length and so many bytes.
/// </summary>
internal static class Skeleton
{
    public const int BufferBytes = 1 << 20;

    /// <summary>Values of at least so many bytes are passed over; smaller ones (shapes, scales, tables) are kept.</summary>
    public const int LargeBytes = 1 << 16;

    /// <summary>What is kept of a file, so that a hostile one cannot fill the memory.</summary>
    private const int MostKeptBytes = 1 << 28;

    private const int GraphField = 7;
    private const int InitializerField = 5;
    private const int DataTypeField = 2;
    private const int RawDataField = 9;

    /// <summary>uint8, int8, float32, float16, float64, bfloat16: weights. Integers of 32 and 64 bits are shapes and positions.</summary>
    private static readonly int[] WeightTypes = [1, 2, 3, 10, 11, 16];

    /// <summary>In the place of all values that were passed over. Nobody writes it, so that its pages take no memory.</summary>
    private static readonly Lazy<byte[]> Blank = new(() => new byte[TensorData.MaximumElements * sizeof(float)]);

    /// <summary>The model, and SHA-256 of the whole file.</summary>
    /// <exception cref="InvalidDataException">The file ends too early, or nests wrongly.</exception>
    public static ModelProto Read(Stream stream, out string hash)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var wire = new WireReader(stream, sha, MostKeptBytes);
        var graph = new GraphProto();
        var model = new ModelProto();
        using (var rest = new MemoryStream())
        {
            while (wire.Position < stream.Length)
            {
                var tag = wire.Tag(stream.Length);
                if (tag == Tag(GraphField))
                {
                    ReadGraph(wire, graph, wire.End(stream.Length));
                    model.Graph = graph;
                }
                else
                {
                    wire.Copy(tag, rest, stream.Length);
                }
            }

            model.MergeFrom(rest.ToArray());
        }

        hash = Convert.ToHexStringLower(sha.GetHashAndReset());
        return model;
    }

    /// <summary>Whether tensors of a type are weights, which may be passed over.</summary>
    public static bool IsWeight(int type) => WeightTypes.Contains(type);

    /// <summary>So many bytes in the place of values that are passed over.</summary>
    /// <exception cref="InvalidDataException">They are too many.</exception>
    public static ByteString BlankBytes(long count) => count <= Blank.Value.Length
        ? UnsafeByteOperations.UnsafeWrap(Blank.Value.AsMemory(0, (int)count))
        : throw new InvalidDataException("a tensor is too large.");

    /// <summary>Whether the values of this tensor were passed over.</summary>
    public static bool IsBlank(TensorProto tensor) =>
        Blank.IsValueCreated && tensor.RawData.Length > 0
        && MemoryMarshal.TryGetArray(tensor.RawData.Memory, out var part) && ReferenceEquals(part.Array, Blank.Value);

    private static void ReadGraph(WireReader wire, GraphProto graph, long end)
    {
        using var rest = new MemoryStream();
        while (wire.Position < end)
        {
            var tag = wire.Tag(end);
            if (tag == Tag(InitializerField))
            {
                graph.Initializer.Add(ReadTensor(wire, wire.End(end)));
            }
            else
            {
                wire.Copy(tag, rest, end);
            }
        }

        graph.MergeFrom(rest.ToArray());
    }

    private static TensorProto ReadTensor(WireReader wire, long end)
    {
        using var rest = new MemoryStream();
        var blank = 0L;
        var type = 0;
        while (wire.Position < end)
        {
            var tag = wire.Tag(end);
            if (tag == Tag(DataTypeField, WireReader.Number))
            {
                type = (int)wire.CopyNumber(tag, rest);
            }
            else if (tag == Tag(RawDataField) && IsWeight(type))
            {
                var length = wire.End(end) - wire.Position;
                if (length < LargeBytes)
                {
                    wire.CopyBytes(tag, length, rest);
                    continue;
                }

                blank = length;
                wire.Skip(length);
            }
            else
            {
                wire.Copy(tag, rest, end);
            }
        }

        var tensor = TensorProto.Parser.ParseFrom(rest.ToArray());
        if (blank > 0)
        {
            tensor.RawData = BlankBytes(blank);
        }

        return tensor;
    }

    private static uint Tag(int field, int type = WireReader.LengthDelimited) => ((uint)field << 3) | (uint)type;
}
