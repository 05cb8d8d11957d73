using System.Text.Json.Serialization;
using Hil.Models.Graphs;

namespace Hil.Models.Quantized;

/// <summary>How the elements of a tensor lie in the device's memory.</summary>
public enum QType
{
    /// <summary>One int8 an element.</summary>
    Int8,

    /// <summary>One little-endian int16 an element.</summary>
    Int16,

    /// <summary>
    /// Two int8 tensors of the same shape, x = 128·hi + lo with lo = ((x + 64) mod 128) − 64 in −64 … 63, hi in −127 … 127
    /// (docs/numerics.md §10). Only model inputs have this type.
    /// </summary>
    Wide15,
}

/// <summary>
/// A tensor of the quantized graph, [Rows, Columns], row-major. An element q means the number Scale · (q − ZeroPoint).
/// </summary>
/// <param name="Name">Unique in the graph.</param>
/// <param name="Source">The ONNX tensor whose values it approximates, for noise per layer; empty if there is none.</param>
/// <param name="Rows">Positions.</param>
/// <param name="Columns">Features.</param>
/// <param name="Type">How an element is stored.</param>
/// <param name="Scale">The value of one step; positive.</param>
/// <param name="ZeroPoint">The element that means 0. Consumers have it folded into their biases already.</param>
public sealed record QTensor(
    string Name, string Source, int Rows, int Columns, QType Type, double Scale, int ZeroPoint = 0)
{
    /// <summary>How the values of <see cref="Source"/> lie in these rows and columns; null if row-major in its own order.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TensorOrder? Order { get; init; }

    /// <summary>Largest |x| of a wide input: hi = 127, lo = 63.</summary>
    public const int Wide15Maximum = (127 * 128) + 63;

    /// <summary>Number of elements.</summary>
    public int Count => Rows * Columns;
}
