using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Reference;

/// <summary>The true inputs of a model: those that are no initialiser.</summary>
internal static class ModelInputs
{
    public static List<ValueInfoProto> Of(ModelProto model)
    {
        var initialised = model.Graph.Initializer.Select(t => t.Name).ToHashSet();
        return [.. model.Graph.Input.Where(i => !initialised.Contains(i.Name))];
    }

    /// <summary>The input's shape, or null if a dimension is symbolic, missing or absurd, or the type is not float32.</summary>
    public static long[]? StaticShape(ValueInfoProto input)
    {
        if (input.Type?.TensorType is not { ElemType: TensorData.Float, Shape: { } shape }
            || shape.Dim.Any(d => d.ValueCase != TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue || d.DimValue < 1))
        {
            return null;
        }

        long[] dims = [.. shape.Dim.Select(d => d.DimValue)];
        return TensorData.Count(dims) > 0 ? dims : null;
    }
}
