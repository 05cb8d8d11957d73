using System.Security.Cryptography;
using Google.Protobuf;
using Hil.Contract;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Onnx;

/// <summary>A parsed ONNX file whose structure has been checked: what it computes may still be unsupported.</summary>
public sealed class OnnxModel
{
    /// <summary>Largest file that is read. A transformer for a small FPGA is three orders of magnitude smaller.</summary>
    public const long MaximumBytes = 1L << 29;

    private const string Remedy = "Export the model again (torch.onnx.export, opset 13 to 17, weights inside the file).";

    private OnnxModel(string name, byte[] bytes, ModelProto proto)
    {
        (Name, Bytes, Proto) = (name, bytes, proto);
        Hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    /// <summary>The file's name without folder and extension.</summary>
    public string Name { get; }

    /// <summary>The file as it is.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>SHA-256 of <see cref="Bytes"/>, lower-case hexadecimal.</summary>
    public string Hash { get; }

    internal ModelProto Proto { get; }

    /// <summary>Reads a file. Throws <see cref="HilException"/> (BadInput) if it is no sound ONNX file.</summary>
    public static OnnxModel Load(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            return length > MaximumBytes
                ? throw Bad($"{length} bytes are more than the {MaximumBytes} that are read.", path)
                : Parse(File.ReadAllBytes(path), Path.GetFileNameWithoutExtension(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HilException(ExitKind.BadInput, e.Message, path, "Give the path of a readable .onnx file.", e);
        }
    }

    /// <summary>Parses a file's bytes; <paramref name="where"/> names it in errors.</summary>
    public static OnnxModel Parse(byte[] bytes, string name, string where)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        ModelProto proto;
        try
        {
            proto = ModelProto.Parser.ParseFrom(bytes);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or OverflowException or ArgumentException)
        {
            throw new HilException(ExitKind.BadInput, $"it is no ONNX file: {e.Message}", where, Remedy, e);
        }

        return StructureChecks.FirstError(proto) is { } error
            ? throw Bad(error, where)
            : new OnnxModel(name, bytes, proto);
    }

    /// <summary>
    /// The same model with other values in the named initialisers (float32, as many as before); nothing else changes.
    /// </summary>
    public OnnxModel WithWeights(IReadOnlyDictionary<string, float[]> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var proto = Proto.Clone();
        foreach (var (name, values) in weights)
        {
            var tensor = proto.Graph.Initializer.FirstOrDefault(t => t.Name == name)
                ?? throw new ArgumentException($"'{name}' is no initialiser.", nameof(weights));
            TensorData.Replace(tensor, values);
        }

        return Parse(proto.ToByteArray(), Name, Name);
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    public async Task SaveAsync(string path, CancellationToken cancellationToken)
    {
        var temporary = path + ".part";
        await File.WriteAllBytesAsync(temporary, Bytes, cancellationToken).ConfigureAwait(false);
        File.Move(temporary, path, overwrite: true);
    }

    private static HilException Bad(string what, string where) => new(ExitKind.BadInput, what, where, Remedy);
}
