using System.Collections.Immutable;
using Hil.Models.Reference;

namespace Hil.Models.Graphs;

/// <summary>One input of the ONNX model as the data gives it, batch included, with every dimension bound.</summary>
/// <param name="Name">Name in the ONNX graph, and of the array in the data.</param>
/// <param name="Shape">Static dimensions.</param>
/// <param name="ElementType">TensorProto.DataType of the ONNX specification: 1 is float32, 7 int64.</param>
/// <param name="Default">What every element is where the data has no such array; null: the array is needed.</param>
public sealed record ModelInput(string Name, ImmutableArray<long> Shape, int ElementType, float? Default = null)
{
    /// <summary>Number of elements.</summary>
    public int Count => checked((int)Shape.Aggregate(1L, (a, b) => a * b));

    /// <summary>Its values are integers of 8 or 16 bits, the elements of a quantized tensor.</summary>
    public bool IsOfElements => OrtTensors.IsElement(ElementType);
}

/// <summary>A node of the model that the host runs before the device: embeddings, masks, rearrangement of the inputs.</summary>
/// <param name="Name">The node's name, or that of its first output.</param>
/// <param name="Operator">ONNX operator.</param>
public sealed record HostNode(string Name, string Operator);
