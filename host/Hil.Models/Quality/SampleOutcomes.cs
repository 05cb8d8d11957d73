using System.Collections.Immutable;

namespace Hil.Models.Quality;

/// <summary>
/// What each sample of a run came to, as named columns of one number a sample: enough to compute every metric again, over all samples or
/// a part of them. A column that does not apply is not there.
/// </summary>
/// <param name="Count">Number of samples.</param>
/// <param name="Columns">By the names below.</param>
public sealed record SampleOutcomes(int Count, ImmutableSortedDictionary<string, ImmutableArray<double>> Columns)
{
    /// <summary>Rows of the output that count: 1 for classes, the valid frames of a sequence.</summary>
    public const string Frames = "frames";

    /// <summary>Valid frames in which float and device have equal argmax.</summary>
    public const string Agreed = "agreed";

    /// <summary>Σ float² over the valid frames.</summary>
    public const string Signal = "signal";

    /// <summary>Σ (float − device)² over the valid frames.</summary>
    public const string Noise = "noise";

    /// <summary>Σ over the valid frames of the divergence KL(softmax float ‖ softmax device), nats.</summary>
    public const string Divergence = "divergence";

    /// <summary>The true class.</summary>
    public const string Label = "label";

    /// <summary>The float model's class.</summary>
    public const string FloatClass = "float_class";

    /// <summary>The device's class.</summary>
    public const string DeviceClass = "device_class";

    /// <summary>Words of the true transcript.</summary>
    public const string Words = "words";

    /// <summary>Word errors of the float transcript.</summary>
    public const string FloatErrors = "float_errors";

    /// <summary>Word errors of the device's transcript.</summary>
    public const string DeviceErrors = "device_errors";

    /// <summary>Words of the float transcript.</summary>
    public const string FloatWords = "float_words";

    /// <summary>Word errors of the device's transcript against the float one.</summary>
    public const string TranscriptErrors = "transcript_errors";

    /// <summary>The float model's score by a user's metric.</summary>
    public const string FloatScore = "float_score";

    /// <summary>The device's score by a user's metric.</summary>
    public const string DeviceScore = "device_score";

    /// <summary>The column, or an empty one.</summary>
    public ImmutableArray<double> this[string column] => Columns.GetValueOrDefault(column, []);

    /// <summary>Whether the column is there.</summary>
    public bool Has(string column) => Columns.ContainsKey(column);

    /// <summary>Sum of a column.</summary>
    public double Sum(string column) => this[column].Sum();

    /// <summary>With one column more.</summary>
    public SampleOutcomes With(string column, IEnumerable<double> values)
    {
        ImmutableArray<double> added = [.. values];
        return added.Length == Count
            ? this with { Columns = Columns.SetItem(column, added) }
            : throw new ArgumentException($"{added.Length} values for {Count} samples.", nameof(values));
    }
}
