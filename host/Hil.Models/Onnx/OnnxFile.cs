using Google.Protobuf;
using Hil.Contract;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Onnx;

/// <summary>An ONNX file on disk, with the files of external data that it names.</summary>
public static class OnnxFile
{
    /// <summary>
    /// The bytes of one file that holds everything: the file's own if it names no other, else a model with all values in it. What is no ONNX file
    /// is given as it is; <see cref="OnnxModel.Parse"/> says so.
    /// </summary>
    /// <exception cref="HilException">BadInput: it cannot be read, is too large, or its external data break a rule or are missing.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            if (length > OnnxModel.MaximumBytes)
            {
                throw Bad($"{length} bytes are more than the {OnnxModel.MaximumBytes} that are read.", path);
            }

            var bytes = File.ReadAllBytes(path);
            if (TryParse(bytes) is not { } model || model.Graph is null || !AllTensors.Of(model).Any(t => ExternalData.IsExternal(t.Tensor)))
            {
                return bytes;
            }

            new ExternalData(model, path).Embed(OnnxModel.MaximumBytes - length);
            return model.ToByteArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HilException(ExitKind.BadInput, e.Message, path, "Give the path of a readable .onnx file.", e);
        }
    }

    /// <summary>Parses without looking at what it says.</summary>
    internal static ModelProto Parse(byte[] bytes, string where)
    {
        try
        {
            return ModelProto.Parser.ParseFrom(bytes);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or OverflowException or ArgumentException)
        {
            throw Bad($"it is no ONNX file: {e.Message}", where, e);
        }
    }

    private static ModelProto? TryParse(byte[] bytes)
    {
        try
        {
            return Parse(bytes, "");
        }
        catch (HilException)
        {
            return null;
        }
    }

    /// <summary>Gives a skeleton the small ones of its external values; gives the files that are missing.</summary>
    internal static IReadOnlyList<string> Skim(ModelProto skeleton, string path)
    {
        if (skeleton.Graph is null || !AllTensors.Of(skeleton).Any(t => ExternalData.IsExternal(t.Tensor)))
        {
            return [];
        }

        var external = new ExternalData(skeleton, path);
        external.Skim();
        return external.Missing;
    }

    private static HilException Bad(string what, string where, Exception? inner = null) => new(ExitKind.BadInput, what, where, OnnxModel.Remedy, inner);
}
