using System.Globalization;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Onnx;

/// <summary>Attributes of a node: reading them, and adding some. Types are the numbers of AttributeProto.AttributeType.</summary>
internal static class NodeExtensions
{
    /// <summary>The node's name, or that of its first output.</summary>
    public static string Title(this NodeProto node) => node.Name.Length > 0 ? node.Name : node.Output[0];

    public static long Int(this NodeProto node, string name, long otherwise) =>
        node.Attribute.FirstOrDefault(a => a.Name == name)?.I ?? otherwise;

    public static float Float(this NodeProto node, string name, float otherwise) =>
        node.Attribute.FirstOrDefault(a => a.Name == name)?.F ?? otherwise;

    public static long[]? Ints(this NodeProto node, string name) =>
        node.Attribute.FirstOrDefault(a => a.Name == name)?.Ints.ToArray();

    /// <summary>A text attribute; empty if it is not there.</summary>
    public static string Text(this NodeProto node, string name) =>
        node.Attribute.FirstOrDefault(a => a.Name == name)?.S.ToStringUtf8() ?? string.Empty;

    /// <summary>The input at a position, or null if it is left out.</summary>
    public static string? InputAt(this NodeProto node, int index) =>
        index < node.Input.Count && node.Input[index].Length > 0 ? node.Input[index] : null;

    /// <summary>Adds attributes of whole numbers, float32 numbers and lists of whole numbers.</summary>
    public static void Add(this NodeProto node, IEnumerable<(string Name, object Value)> attributes)
    {
        foreach (var (name, value) in attributes)
        {
            var attribute = new AttributeProto { Name = name };
            switch (value)
            {
                case int or long:
                    (attribute.I, attribute.Type) = (Convert.ToInt64(value, CultureInfo.InvariantCulture), 2);
                    break;
                case float number:
                    (attribute.F, attribute.Type) = (number, 1);
                    break;
                case long[] list:
                    attribute.Ints.AddRange(list);
                    attribute.Type = 7;
                    break;
                default:
                    throw new ArgumentException($"{name} is of no known type.", nameof(attributes));
            }

            node.Attribute.Add(attribute);
        }
    }
}
