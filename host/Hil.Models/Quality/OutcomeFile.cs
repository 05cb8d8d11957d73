using System.Collections.Immutable;
using Hil.Contract;
using Hil.Models.Data;

namespace Hil.Models.Quality;

/// <summary>Outcomes as an <c>.npz</c> of one float64 array a column; equal outcomes give equal bytes.</summary>
public static class OutcomeFile
{
    /// <summary>The bytes of the file.</summary>
    public static byte[] Write(SampleOutcomes outcomes)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        return NpzFile.Write(outcomes.Columns.Select(c => NpyArray.Of(c.Key, [outcomes.Count], c.Value.AsSpan())));
    }

    /// <exception cref="HilException">It is no such file.</exception>
    public static SampleOutcomes Parse(byte[] bytes, string where)
    {
        using var stream = new MemoryStream(bytes);
        var arrays = NpzFile.Read(stream, where);
        var count = arrays.Values.First().Count;
        var columns = arrays.ToImmutableSortedDictionary(a => a.Key, a => a.Value.ToDoubles().ToImmutableArray(), StringComparer.Ordinal);
        return arrays.Values.All(a => a.Shape.Length == 1 && a.Count == count) && columns.Values.All(c => c.All(double.IsFinite))
            ? new SampleOutcomes(count, columns)
            : throw new HilException(ExitKind.BadInput, "its columns are not one finite number for each sample.", where,
                "Give the outcomes that `hil run` wrote.");
    }
}
