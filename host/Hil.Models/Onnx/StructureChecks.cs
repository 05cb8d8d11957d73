using Hil.Models.Import;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Onnx;

/// <summary>
/// What must hold before anything else looks at a model: every tensor is complete, every name is written before it is read,
/// nothing points out of the file. ONNX Runtime gets no model that fails here.
/// </summary>
internal static class StructureChecks
{
    private const int MaximumNodes = 1 << 16;

    /// <summary>Elements that a shape held in a constant may ask for.</summary>
    private const long MaximumRequestedElements = 1L << 26;

    /// <summary>A sentence about the first thing that is wrong, or null.</summary>
    public static string? FirstError(ModelProto model, ImporterFault fault = ImporterFault.None)
    {
        var graph = model.Graph;
        if (graph is null || graph.Node.Count == 0)
        {
            return "it holds no graph.";
        }

        if (graph.Node.Count > MaximumNodes)
        {
            return $"it has more than {MaximumNodes} nodes.";
        }

        if (!model.OpsetImport.Any(o => o.Domain is "" or "ai.onnx"))
        {
            return "it names no version of the ONNX operator set.";
        }

        return NamesError(graph, fault) ?? ValuesError(model, fault) ?? FlowError(graph, fault);
    }

    private static string? NamesError(GraphProto graph, ImporterFault fault)
    {
        if (graph.SparseInitializer.Count > 0)
        {
            return "it has sparse initialisers.";
        }

        var names = new HashSet<string>();
        foreach (var tensor in graph.Initializer)
        {
            if (tensor.Name.Length == 0 || (!names.Add(tensor.Name) && fault != ImporterFault.NamesRepeat))
            {
                return $"initialiser '{tensor.Name}' has no name of its own.";
            }
        }

        return null;
    }

    private static string? ValuesError(ModelProto model, ImporterFault fault)
    {
        foreach (var (tensor, place) in AllTensors.Of(model))
        {
            if ((TensorData.Error(tensor) ?? (fault == ImporterFault.ShapesOfAnySize ? null : RequestError(tensor))) is { } error)
            {
                return $"{place}: {error}";
            }
        }

        foreach (var node in AllTensors.Nodes(model.Graph.Node.Concat(model.Functions.SelectMany(f => f.Node))))
        {
            foreach (var attribute in node.Attribute)
            {
                if (RequestError([.. attribute.Ints]) is { } requested)
                {
                    return $"node '{node.Name}', attribute '{attribute.Name}': {requested}";
                }
            }
        }

        return null;
    }

    private static string? FlowError(GraphProto graph, ImporterFault fault)
    {
        var known = new HashSet<string>(graph.Initializer.Select(t => t.Name));
        foreach (var input in graph.Input)
        {
            known.Add(input.Name);
        }

        foreach (var node in graph.Node)
        {
            if (node.OpType.Length == 0 || node.Output.Count == 0)
            {
                return $"node '{node.Name}' has no operator or no output.";
            }

            if (fault != ImporterFault.ReadBeforeWritten && node.Input.FirstOrDefault(i => i.Length > 0 && !known.Contains(i)) is { } missing)
            {
                return $"node '{node.Name}' ({node.OpType}) reads '{missing}', which no initialiser, input or earlier node gives.";
            }

            if (node.Output.FirstOrDefault(o => o.Length > 0 && !known.Add(o)) is { } twice && fault != ImporterFault.WrittenTwice)
            {
                return $"node '{node.Name}' ({node.OpType}) writes '{twice}', which is there already.";
            }
        }

        return graph.Output.FirstOrDefault(o => !known.Contains(o.Name)) is { } output
            ? $"nothing gives the output '{output.Name}'."
            : null;
    }

    /// <summary>A short int64 tensor may be a shape: it must not ask for more memory than any model here needs.</summary>
    private static string? RequestError(TensorProto tensor) =>
        tensor.DataType == TensorData.Int64 && TensorData.Count(tensor.Dims) <= 8 ? RequestError(TensorData.Longs(tensor)) : null;

    private static string? RequestError(long[] values)
    {
        if (values.Length > 8)
        {
            return null;
        }

        var product = 1L;
        foreach (var value in values)
        {
            // "To the end" in Slice is the largest int64 or int32; no shape can be.
            var isEnd = value is long.MaxValue or int.MaxValue or long.MinValue or int.MinValue;
            if (!isEnd && value is > MaximumRequestedElements or < -MaximumRequestedElements)
            {
                return $"the value {value} is out of range.";
            }

            product *= isEnd ? 1 : Math.Max(1, value);
            if (product > MaximumRequestedElements)
            {
                return "as a shape its values ask for too much memory.";
            }
        }

        return null;
    }
}
