using Hil.Contract;
using Hil.Models.Data;
using Hil.Models.Graphs;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;
using Hil.Models.Reference;

namespace Hil.Models.Import;

/// <summary>Gives the symbolic dimensions of a model's inputs their lengths: those that are asked for, those that the data show, 1 for the batch.</summary>
public static class InputBinding
{
    private const long LongestDimension = 1 << 20;

    /// <summary>In advice: a length that is no batch.</summary>
    private const int ExampleLength = 64;

    /// <summary>
    /// The same model with static inputs, as far as its dimensions are known. Throws <see cref="HilException"/> (Usage) for a name that the model does
    /// not have or a length that contradicts the data.
    /// </summary>
    /// <param name="model">As read.</param>
    /// <param name="lengths">By the name of a symbolic dimension.</param>
    /// <param name="read">Reads arrays named after the inputs, samples first, where they are needed; or gives null.</param>
    public static OnnxModel Bind(
        OnnxModel model, IReadOnlyDictionary<string, long> lengths, Func<IReadOnlyDictionary<string, NpyArray>?>? read = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(lengths);
        var inputs = ModelInputs.Of(model.Proto);
        var names = inputs.SelectMany(Dimensions).Where(d => d.DimParam.Length > 0).Select(d => d.DimParam).ToHashSet();
        foreach (var (name, length) in lengths)
        {
            if (!names.Contains(name))
            {
                throw new HilException(
                    ExitKind.Usage, $"the model has no dimension '{name}' to bind; {(names.Count == 0 ? "all are static" : $"it has {string.Join(", ", names)}")}.", model.Name,
                    names.Count == 0 ? "Leave --bind out." : $"Bind the names that the model gives its dimensions, such as --bind {names.Order(StringComparer.Ordinal).Last()}={ExampleLength}.");
            }

            if (length is < 1 or > LongestDimension)
            {
                throw new HilException(ExitKind.Usage, $"the length {length} of '{name}' is not 1 to {LongestDimension}.", model.Name, "Give a positive length.");
            }
        }

        if (names.Count == 0 && inputs.All(i => ModelInputs.StaticShape(i) is not null))
        {
            return model;
        }

        var data = read?.Invoke();
        var bound = new Dictionary<string, long>(lengths);
        foreach (var input in inputs)
        {
            Infer(input, data?.GetValueOrDefault(input.Name), bound);
        }

        return model.WithInputs(input =>
        {
            var shown = data?.GetValueOrDefault(input.Name)?.Shape;
            return [.. Dimensions(input).Select((d, i) => LengthOf(d, i, shown, bound) ?? 0)];
        });
    }

    /// <summary>Why an input cannot be used as it is, and what would help.</summary>
    internal static (string Reason, string WhatToDo) Problem(ValueInfoProto input)
    {
        var type = input.Type?.TensorType;
        if (type is null || !OrtTensors.IsKnown(type.ElemType))
        {
            return ("The input is no tensor of float32, int64, int32, bool, or 8 or 16 bits.", "Export it with an input of float32.");
        }

        string[] free = [.. Dimensions(input).Where(d => d.DimParam.Length > 0).Select(d => d.DimParam).Distinct()];
        return free.Length > 0
            ? ($"Nothing says how long its {string.Join(" and ", free.Select(d => $"'{d}'"))} {(free.Length > 1 ? "are" : "is")}.",
                $"Bind {(free.Length > 1 ? "them" : "it")}, such as --bind {string.Join(',', free.Select(d => $"{d}={ExampleLength}"))}, or export with a static shape.")
            : ("The input has no static shape.", "Export it with a static shape.");
    }

    // A symbol that stands first is the batch; data, samples first, show the others.
    private static void Infer(ValueInfoProto input, NpyArray? array, Dictionary<string, long> bound)
    {
        var dimensions = Dimensions(input).ToList();
        for (var i = 0; i < dimensions.Count; i++)
        {
            var name = dimensions[i].DimParam;
            if (name.Length == 0)
            {
                continue;
            }

            if (i == 0 && dimensions.Count > 1)
            {
                bound.TryAdd(name, 1);
            }
            else if (array is not null && array.Shape.Length == dimensions.Count && !bound.TryAdd(name, array.Shape[i]) && bound[name] != array.Shape[i])
            {
                throw new HilException(
                    ExitKind.BadInput, $"'{name}' is {bound[name]}, but {array.Shape[i]} in the data.", $"input '{input.Name}'", "Bind the length that the data have.");
            }
        }
    }

    private static long? LengthOf(TensorShapeProto.Types.Dimension d, int index, IReadOnlyList<int>? shown, Dictionary<string, long> bound) => 0 switch
    {
        _ when d.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue && d.DimValue > 0 => d.DimValue,
        _ when d.DimParam.Length > 0 => bound.TryGetValue(d.DimParam, out var length) ? length : null,
        _ when index == 0 => 1,
        _ => shown?.Count > index ? shown[index] : null,
    };

    private static IEnumerable<TensorShapeProto.Types.Dimension> Dimensions(ValueInfoProto input) =>
        input.Type?.TensorType?.Shape?.Dim ?? Enumerable.Empty<TensorShapeProto.Types.Dimension>();
}
