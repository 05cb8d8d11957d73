using System.Globalization;
using Google.Protobuf;
using Hil.Contract;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Onnx;

/// <summary>
/// Values that lie in files beside the model (ONNX, "External Data": keys location, offset, length). A file lies in the model's folder or below it and is
/// reached over no symbolic link; a region lies within its file, is as long as the tensor needs, and shares bytes with no other tensor, unless both are the same
/// region in the same shape and type, as exporters write tied weights. Checksums are not compared.
/// </summary>
internal sealed class ExternalData
{
    private readonly string _folder;
    private readonly List<Region> _regions = [];

    /// <summary>Checks where all values lie. Throws <see cref="HilException"/> (BadInput) for what breaks a rule; a file may be missing.</summary>
    /// <param name="path">The model's file.</param>
    public ExternalData(ModelProto model, string path)
    {
        _folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        foreach (var (tensor, place) in AllTensors.Of(model).Where(t => IsExternal(t.Tensor)))
        {
            var where = $"{path}: {place}";
            _regions.Add(Locate(tensor, where));
        }

        Region? before = null;
        foreach (var region in _regions.Where(r => r.Length > 0).OrderBy(r => r.File, StringComparer.Ordinal).ThenBy(r => r.Offset).ThenBy(r => r.Length))
        {
            if (before is not null && before.File == region.File && region.Offset < before.Offset + before.Length && !before.IsSame(region))
            {
                throw Bad("its bytes are in part those of another tensor.", $"{region.Where} and {before.Where}");
            }

            before = region;
        }
    }

    /// <summary>Names of the files that are not there, from the model's folder.</summary>
    public IReadOnlyList<string> Missing => [.. _regions.Where(r => !r.IsThere).Select(r => Path.GetRelativePath(_folder, r.File)).Distinct()];

    /// <summary>Whether a tensor's values are said to lie in another file.</summary>
    public static bool IsExternal(TensorProto tensor) => tensor.DataLocation != 0 || tensor.ExternalData.Count > 0;

    /// <summary>Reads all values into the model, which then needs no other file.</summary>
    /// <param name="most">Bytes that all of them may have.</param>
    public void Embed(long most)
    {
        if (_regions.Find(r => !r.IsThere) is { } missing)
        {
            throw new HilException(
                ExitKind.BadInput, $"its values are in '{Path.GetRelativePath(_folder, missing.File)}', which is not there.", missing.Where,
                $"Put the file into {_folder}, or save the model as one file (onnx.save_model(model, path, save_as_external_data=False)).");
        }

        var distinct = _regions.DistinctBy(r => (r.File, r.Offset, r.Length)).Sum(r => (decimal)r.Length);
        if (distinct > most)
        {
            throw Bad($"its external data have {distinct} bytes, more than the {most} that are read.", _regions[0].Where);
        }

        var read = new Dictionary<(string File, long Offset), ByteString>();
        foreach (var region in _regions)
        {
            var key = (region.File, region.Offset);
            if (region.Length == 0 || !read.TryGetValue(key, out var bytes))
            {
                bytes = region.Read();
                read[key] = bytes;
            }

            Store(region.Tensor, bytes);
        }
    }

    /// <summary>Reads the values of small tensors; the others, and weights whose file is missing, become blank.</summary>
    public void Skim()
    {
        foreach (var region in _regions)
        {
            var isWeight = Skeleton.IsWeight(region.Tensor.DataType);
            if (isWeight && (!region.IsThere || region.Length >= Skeleton.LargeBytes))
            {
                Store(region.Tensor, Skeleton.BlankBytes(region.Length));
            }
            else
            {
                Store(region.Tensor, region.IsThere ? region.Read() : throw Bad("its values are in a file that is not there, and it is no weight.", region.Where));
            }
        }
    }

    private Region Locate(TensorProto tensor, string where)
    {
        if (tensor.DataLocation == 0)
        {
            throw Bad("it names external data but says that its values are in the model.", where);
        }

        if (tensor.RawData.Length > 0 || tensor.FloatData.Count + tensor.Int32Data.Count + tensor.Int64Data.Count + tensor.DoubleData.Count > 0)
        {
            throw Bad("it has values in the model and external data.", where);
        }

        var bytes = TensorData.ByteCount(tensor) ?? throw Bad("the shape or type of its external data is not read.", where);
        var file = InFolder(Text("location") ?? throw Bad("its external data have no location.", where), where);
        var offset = Number("offset") ?? 0;
        var info = new FileInfo(file);
        var length = Number("length") ?? (info.Exists ? info.Length - offset : bytes);
        if (length != bytes)
        {
            throw Bad($"{length} bytes of external data do not fill its shape ({bytes} bytes).", where);
        }

        return info.Exists && (offset > info.Length || length > info.Length - offset)
            ? throw Bad($"its external data end at byte {(decimal)offset + length} of a file of {info.Length}.", where)
            : new Region(tensor, where, file, offset, length, info.Exists);

        string? Text(string key)
        {
            string[] found = [.. tensor.ExternalData.Where(e => e.Key == key).Select(e => e.Value)];
            return found.Length > 1 ? throw Bad($"its external data name '{key}' twice.", where) : found.FirstOrDefault();
        }

        long? Number(string key) => Text(key) is not { } text ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
            : throw Bad($"'{key}' of its external data is no number of bytes.", where);
    }

    /// <summary>The path of a location, which must not lead out of the folder.</summary>
    private string InFolder(string location, string where)
    {
        var parts = location.Split('/', '\\');
        if (location.Contains('\0', StringComparison.Ordinal) || location.Contains(':', StringComparison.Ordinal) || Array.Exists(parts, p => p is "" or ".."))
        {
            throw Bad("the location of its external data is no path below the model's folder.", where);
        }

        var path = _folder;
        foreach (var part in parts)
        {
            path = Path.Combine(path, part);
            if (new FileInfo(path).LinkTarget is not null)
            {
                throw Bad("the location of its external data is a symbolic link.", where, "Copy the file into the model's folder.");
            }
        }

        return Path.GetFullPath(path);
    }

    private static void Store(TensorProto tensor, ByteString bytes)
    {
        tensor.ExternalData.Clear();
        (tensor.DataLocation, tensor.RawData) = (0, bytes);
    }

    private static HilException Bad(string what, string where, string whatToDo = "Save the model again with onnx.save_model.") => new(ExitKind.BadInput, what, where, whatToDo);

    private sealed record Region(TensorProto Tensor, string Where, string File, long Offset, long Length, bool IsThere)
    {
        public bool IsSame(Region other) =>
            (Offset, Length, Tensor.DataType) == (other.Offset, other.Length, other.Tensor.DataType) && Tensor.Dims.SequenceEqual(other.Tensor.Dims);

        public ByteString Read()
        {
            var bytes = new byte[Length];
            using var stream = System.IO.File.OpenRead(File);
            stream.Position = Offset;
            stream.ReadExactly(bytes);
            return UnsafeByteOperations.UnsafeWrap(bytes);
        }
    }
}
