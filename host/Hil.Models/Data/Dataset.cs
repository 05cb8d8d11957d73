using System.Collections.Immutable;
using System.Security.Cryptography;
using Hil.Contract;
using Hil.Models.Graphs;
using Hil.Models.Onnx;

namespace Hil.Models.Data;

/// <summary>Samples for one model, checked against its input.</summary>
/// <param name="Name">File name without extension.</param>
/// <param name="Hash">SHA-256 of the file, lower-case hexadecimal.</param>
/// <param name="Inputs">The model inputs of each sample.</param>
/// <param name="Labels">One class a sample, or a sequence of classes without its padding; empty if there are none.</param>
/// <param name="LabelsAreSequences">The labels are transcripts (2-D labels in the file).</param>
/// <param name="Lengths">Valid output frames a sample; empty if all are.</param>
/// <param name="Logits">Recorded float outputs, or empty.</param>
public sealed record Dataset(
    string Name,
    string Hash,
    ImmutableArray<ModelSample> Inputs,
    ImmutableArray<ImmutableArray<int>> Labels,
    bool LabelsAreSequences,
    ImmutableArray<int> Lengths,
    ImmutableArray<ReadOnlyMemory<float>> Logits)
{
    /// <summary>Integers up to here are exact as float32.</summary>
    private const float MaximumInteger = 1 << 24;

    /// <summary>Number of samples.</summary>
    public int Count => Inputs.Length;

    /// <summary>
    /// Reads an archive: the array named after the model's input, and <c>labels</c>, <c>length</c>, <c>logits</c> where they are there; or a
    /// lone <c>.npy</c> input. A single input may leave out the axis of samples.
    /// Throws <see cref="HilException"/> (BadInput) with the first thing that does not fit.
    /// </summary>
    public static Dataset Load(string path, Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        byte[] bytes;
        try
        {
            var length = new FileInfo(path).Length;
            bytes = length > Array.MaxLength ? throw new IOException("The file is too large.") : File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HilException(ExitKind.BadInput, e.Message, path, "Give the path of a readable .npz file.", e);
        }

        return Parse(bytes, Path.GetFileNameWithoutExtension(path), path, graph);
    }

    /// <summary>As <see cref="Load"/>, from the file's bytes.</summary>
    public static Dataset Parse(byte[] bytes, string name, string where, Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var output = graph.Output;
        var arrays = Arrays(bytes, InputsOf(graph)[0].Name, where);
        var inputs = ReadInputs(arrays, graph, where);
        var count = inputs.Length;
        var lengths = arrays.GetValueOrDefault("length") is { } l ? ReadLengths(l, count, output.Rows, where) : [];
        var labels = arrays.GetValueOrDefault("labels");
        var logits = arrays.GetValueOrDefault("logits") is { } recorded ? Samples(recorded, [output.Rows, output.Columns], where) : [];
        if (logits.Length != 0 && logits.Length != count)
        {
            throw Bad($"'logits' has {logits.Length} samples, the inputs {count}.", where, "Record one output a sample.");
        }

        return new Dataset(
            name,
            Convert.ToHexStringLower(SHA256.HashData(bytes)),
            inputs,
            labels is null ? [] : ReadLabels(labels, count, output.Columns, where),
            labels?.Shape.Length == 2,
            lengths,
            logits);
    }

    /// <summary>The first samples only.</summary>
    public Dataset Take(int count) => count >= Count ? this : count < 1
        ? throw new ArgumentOutOfRangeException(nameof(count))
        : this with
        {
            Inputs = Inputs[..count],
            Labels = Labels.IsEmpty ? Labels : Labels[..count],
            Lengths = Lengths.IsEmpty ? Lengths : Lengths[..count],
            Logits = Logits.IsEmpty ? Logits : Logits[..count],
        };

    /// <summary>The arrays of an archive, or the lone one of a <c>.npy</c> file, which is the input.</summary>
    private static ImmutableSortedDictionary<string, NpyArray> Arrays(byte[] bytes, string input, string where)
    {
        if (NpyFile.Is(bytes))
        {
            return ImmutableSortedDictionary<string, NpyArray>.Empty.Add(input, NpyFile.Parse(bytes, input, where));
        }

        using var stream = new MemoryStream(bytes);
        var arrays = NpzFile.Read(stream, where);

        // What NumPy calls an array that was saved without a name.
        return arrays.ContainsKey(input) || arrays.GetValueOrDefault("arr_0") is not { } nameless ? arrays : arrays.Add(input, nameless);
    }

    /// <summary>The arrays that data for a graph need.</summary>
    internal static ImmutableArray<ModelInput> InputsOf(Graph graph) =>
        graph.ModelInputs.IsEmpty ? [.. graph.Inputs.Select(t => new ModelInput(t.Name, [1, t.Rows, t.Columns], TensorData.Float))] : graph.ModelInputs;

    private static ImmutableArray<ModelSample> ReadInputs(ImmutableSortedDictionary<string, NpyArray> arrays, Graph graph, string where)
    {
        var read = new Dictionary<string, ImmutableArray<ReadOnlyMemory<float>>>();
        var inputs = InputsOf(graph);
        foreach (var input in inputs)
        {
            if (arrays.TryGetValue(input.Name, out var array))
            {
                read.Add(input.Name, Samples(array, [.. input.Shape.Skip(input.Shape is [1, _, ..] ? 1 : 0).Select(d => (int)d)], where));
            }
            else if (input.Default is null)
            {
                throw Bad($"it has no array '{input.Name}' (the model's input), only {string.Join(", ", arrays.Keys)}.", where, $"Name the array after the model's input.");
            }
        }

        var counts = read.Select(r => r.Value.Length).Distinct().ToList();
        if (counts.Count != 1)
        {
            throw counts.Count == 0
                ? Bad("it has no array that is named after an input of the model.", where, $"Name them {string.Join(", ", inputs.Select(i => i.Name))}.")
                : Bad($"its inputs have unlike numbers of samples: {string.Join(", ", read.Select(r => $"'{r.Key}' {r.Value.Length}"))}.", where, "Give every input for every sample.");
        }

        foreach (var input in inputs.Where(i => !read.ContainsKey(i.Name)))
        {
            ReadOnlyMemory<float> values = Enumerable.Repeat(input.Default!.Value, input.Count).ToArray();
            read.Add(input.Name, [.. Enumerable.Repeat(values, counts[0])]);
        }

        return [.. Enumerable.Range(0, counts[0]).Select(i => new ModelSample(read.ToDictionary(r => r.Key, r => r.Value[i])))];
    }

    private static ImmutableArray<ReadOnlyMemory<float>> Samples(NpyArray array, int[] shape, string where)
    {
        int[] perSample = [.. array.Shape.Skip(1).Where(d => d != 1)];
        int[] expected = [.. shape.Where(d => d != 1)];

        // A single input needs no axis of samples.
        if (array.Shape.AsSpan().SequenceEqual(shape) && shape.Length > 1 && shape[0] > 1)
        {
            perSample = expected;
        }

        if (array.Shape.Length < 1 || array.Shape[0] < 1 || !perSample.AsSpan().SequenceEqual(expected))
        {
            var swapped = perSample is [var a, var b] && expected is [var c, var d] && (a, b) == (d, c) ? " Are its axes swapped?" : string.Empty;
            throw Bad(
                $"array '{array.Name}' is {string.Join("×", array.Shape)}, the model has {string.Join("×", shape)} a sample.{swapped}",
                where,
                $"Give it as [samples, {string.Join(", ", shape)}].");
        }

        var values = array.ToSingles();
        var size = shape.Aggregate(1, (x, y) => x * y);
        var columns = shape.Length == 0 ? 1 : shape[^1];
        var bad = Array.FindIndex(values, v => !float.IsFinite(v) || (array.Type is NpyType.Int32 or NpyType.Int64 && Math.Abs(v) > MaximumInteger));
        return bad >= 0
            ? throw Bad($"array '{array.Name}', sample {bad / size}: {values[bad]} at row {bad % size / columns}, column {bad % columns}.", where, "Remove samples that hold NaN, infinities or huge integers.")
            : [.. Enumerable.Range(0, values.Length / size).Select(i => new ReadOnlyMemory<float>(values, i * size, size))];
    }

    private static ImmutableArray<int> ReadLengths(NpyArray array, int samples, int rows, string where)
    {
        var lengths = Integers(array, samples, where);
        return array.Shape.Length != 1 || Array.Exists(lengths, l => l < 1 || l > rows)
            ? throw Bad($"'length' must be one number of 1 … {rows} a sample.", where, "Give the number of valid output frames.")
            : [.. lengths.Select(l => (int)l)];
    }

    private static ImmutableArray<ImmutableArray<int>> ReadLabels(NpyArray array, int samples, int classes, string where)
    {
        var values = Integers(array, samples, where);
        var isSequence = array.Shape.Length == 2;
        if (array.Shape.Length is not (1 or 2) || Array.Exists(values, v => v < (isSequence ? -1 : 0) || v >= classes))
        {
            throw Bad($"'labels' must be classes 0 … {classes - 1}, one a sample or a row a sample padded with -1.", where, "Check that data and model belong together.");
        }

        var width = values.Length / samples;
        return [.. Enumerable.Range(0, samples).Select(i =>
            values.AsSpan(i * width, width).ToArray().TakeWhile(v => v >= 0).Select(v => (int)v).ToImmutableArray())];
    }

    private static long[] Integers(NpyArray array, int samples, string where) =>
        array.Shape.Length > 0 && array.Shape[0] == samples && array.ToIntegers() is { } values
            ? values
            : throw Bad($"'{array.Name}' must be integers, one row for each of the {samples} samples.", where, "Save it as int64.");

    private static HilException Bad(string what, string where, string whatToDo) => new(ExitKind.BadInput, what, where, whatToDo);
}
