using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Expansion;

/// <summary>Puts the bodies of model-local functions where they are called.</summary>
internal static class FunctionInliner
{
    /// <summary>Bytes that the bodies of all calls may have together.</summary>
    private const long MostBytes = 1L << 26;

    /// <summary>The nodes without calls, each with the position of the node it came from; null if functions call themselves, lie too deep, or make too much of few.</summary>
    /// <param name="maximumNodes">Nodes and calls, those within functions included.</param>
    public static (NodeProto Node, int Origin)[]? Inline(
        IEnumerable<NodeProto> nodes, IReadOnlyDictionary<(string Domain, string Name), FunctionProto> functions, int maximumDepth, int maximumNodes)
    {
        var result = new List<(NodeProto Node, int Origin)>();
        var position = 0;
        var (visited, bytes) = (0, 0L);
        var sizes = functions.ToDictionary(f => f.Key, f => (long)f.Value.CalculateSize());
        foreach (var node in nodes)
        {
            if (!Append([node], 0, string.Empty))
            {
                return null;
            }

            position++;
        }

        return [.. result];

        bool Append(IEnumerable<NodeProto> body, int depth, string prefix)
        {
            var calls = 0;
            foreach (var node in body)
            {
                if (++visited > maximumNodes)
                {
                    return false;
                }

                if (!functions.TryGetValue((node.Domain, node.OpType), out var function))
                {
                    result.Add((node, position));
                    continue;
                }

                var name = $"{prefix}{(node.Name.Length > 0 ? node.Name : $"{node.OpType}.{position}")}.{calls++}/";
                bytes += sizes[(node.Domain, node.OpType)];
                if (depth == maximumDepth || bytes > MostBytes || !Append(Body(node, function, name), depth + 1, name))
                {
                    return false;
                }
            }

            return true;
        }
    }

    private static IEnumerable<NodeProto> Body(NodeProto call, FunctionProto function, string prefix)
    {
        var names = new Dictionary<string, string> { [string.Empty] = string.Empty };
        for (var i = 0; i < function.Input.Count; i++)
        {
            names[function.Input[i]] = i < call.Input.Count ? call.Input[i] : string.Empty;
        }

        for (var i = 0; i < Math.Min(function.Output.Count, call.Output.Count); i++)
        {
            if (call.Output[i].Length > 0)
            {
                names[function.Output[i]] = call.Output[i];
            }
        }

        foreach (var node in function.Node)
        {
            var copy = node.Clone();
            copy.Name = node.Name.Length > 0 ? prefix + node.Name : string.Empty;
            Rename(copy.Input);
            Rename(copy.Output);
            for (var i = copy.Attribute.Count - 1; i >= 0; i--)
            {
                var reference = copy.Attribute[i].RefAttrName;
                if (reference.Length == 0)
                {
                    continue;
                }

                // An attribute of the call, or the function's default, or none.
                var given = call.Attribute.FirstOrDefault(a => a.Name == reference) ?? function.AttributeProto.FirstOrDefault(a => a.Name == reference);
                if (given is null)
                {
                    copy.Attribute.RemoveAt(i);
                    continue;
                }

                var own = given.Clone();
                own.Name = copy.Attribute[i].Name;
                copy.Attribute[i] = own;
            }

            yield return copy;
        }

        void Rename(Google.Protobuf.Collections.RepeatedField<string> list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                if (!names.TryGetValue(list[i], out var name))
                {
                    names.Add(list[i], name = prefix + list[i]);
                }

                list[i] = name;
            }
        }
    }
}
