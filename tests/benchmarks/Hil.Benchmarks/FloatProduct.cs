using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Hil.Benchmarks;

/// <summary>A float32 product with constant weights in ONNX Runtime, on one thread.</summary>
internal static class FloatProduct
{
    private const int FloatType = 1;

    public static double MacsPerSecond(int m, int k, int n)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using var session = new InferenceSession(Model(m, k, n), options);
        var input = new DenseTensor<float>(new float[m * k], [m, k]);
        NamedOnnxValue[] feed = [NamedOnnxValue.CreateFromTensor("a", input)];
        double seconds = Stopwatches.Median(() => session.Run(feed).Dispose());
        return (double)m * k * n / seconds;
    }

    // Field numbers of onnx.proto: ModelProto ir_version 1, graph 7, opset_import 8; GraphProto node 1, name 2, initializer 5, input 11, output 12.
    private static byte[] Model(int m, int k, int n)
    {
        var weights = new float[k * n];
        var random = new Random(1);
        for (int i = 0; i < weights.Length; i++) weights[i] = (random.NextSingle() * 2) - 1;
        var raw = new byte[weights.Length * sizeof(float)];
        Buffer.BlockCopy(weights, 0, raw, 0, raw.Length);
        byte[] node = Message(o => { Text(o, 1, "a"); Text(o, 1, "w"); Text(o, 2, "c"); Text(o, 3, "product"); Text(o, 4, "MatMul"); });
        byte[] tensor = Message(o => { Number(o, 1, k); Number(o, 1, n); Number(o, 2, FloatType); Text(o, 8, "w"); Bytes(o, 9, raw); });
        byte[] graph = Message(o =>
        {
            Bytes(o, 1, node);
            Text(o, 2, "g");
            Bytes(o, 5, tensor);
            Bytes(o, 11, Value("a", m, k));
            Bytes(o, 12, Value("c", m, n));
        });
        return Message(o => { Number(o, 1, 8); Bytes(o, 7, graph); Bytes(o, 8, Message(v => Number(v, 2, 17))); });
    }

    private static byte[] Value(string name, int rows, int columns)
    {
        byte[] shape = Message(o =>
        {
            foreach (int size in new[] { rows, columns }) Bytes(o, 1, Message(d => Number(d, 1, size)));
        });
        byte[] tensor = Message(o => { Number(o, 1, FloatType); Bytes(o, 2, shape); });
        return Message(o => { Text(o, 1, name); Bytes(o, 2, Message(t => Bytes(t, 1, tensor))); });
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var memory = new MemoryStream();
        using (var output = new CodedOutputStream(memory, leaveOpen: true)) write(output);
        return memory.ToArray();
    }

    private static void Number(CodedOutputStream output, int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    private static void Text(CodedOutputStream output, int field, string value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
    }

    private static void Bytes(CodedOutputStream output, int field, byte[] value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(value));
    }
}
