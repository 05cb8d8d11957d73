using System.Collections.Immutable;
using Hil.Models.Graphs;
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

    /// <summary>All inputs, or null if one has no static shape of a known type.</summary>
    public static ImmutableArray<ModelInput>? Describe(ModelProto model)
    {
        var inputs = Of(model);
        return inputs.Count > 0 && inputs.All(i => StaticShape(i) is not null)
            ? [.. inputs.Select(i => new ModelInput(i.Name, [.. StaticShape(i)!], i.Type.TensorType.ElemType, Default(i)))]
            : null;
    }

    /// <summary>The input's shape, or null if a dimension is symbolic, missing or absurd, or the type is not one that the host can give.</summary>
    public static long[]? StaticShape(ValueInfoProto input)
    {
        if (input.Type?.TensorType is not { Shape: { } shape } type || !OrtTensors.IsKnown(type.ElemType)
            || shape.Dim.Any(d => d.ValueCase != TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue || d.DimValue < 1))
        {
            return null;
        }

        long[] dims = [.. shape.Dim.Select(d => d.DimValue)];
        return TensorData.Count(dims) > 0 ? dims : null;
    }

    // As in Hugging Face's tokenizers: one segment, and no padding.
    private static float? Default(ValueInfoProto input) => input.Name switch
    {
        "token_type_ids" => 0,
        "attention_mask" => 1,
        _ => null,
    };
}
