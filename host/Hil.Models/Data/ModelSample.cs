using Hil.Models.Graphs;

namespace Hil.Models.Data;

/// <summary>The values of one sample: every model input, row-major, by name. Integers are exact below 2²⁴.</summary>
public sealed class ModelSample(IReadOnlyDictionary<string, ReadOnlyMemory<float>> values)
{
    /// <summary>The values of an input.</summary>
    public ReadOnlyMemory<float> this[string input] => values.TryGetValue(input, out var found)
        ? found
        : throw new ArgumentException($"The sample has no '{input}'.", nameof(input));

    /// <summary>The names of the inputs.</summary>
    public IEnumerable<string> Names => values.Keys;

    /// <summary>A sample of one input.</summary>
    public static ModelSample Of(string input, ReadOnlyMemory<float> values) =>
        new(new Dictionary<string, ReadOnlyMemory<float>> { [input] = values });

    /// <summary>A sample of defaults, or zeros where there are none: for a run whose values do not matter.</summary>
    public static ModelSample Blank(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return new(Dataset.InputsOf(graph).ToDictionary(i => i.Name, i => (ReadOnlyMemory<float>)Enumerable.Repeat(i.Default ?? 0, i.Count).ToArray()));
    }
}
