namespace Hil.Models.Import;

/// <summary>One thing in a model that the device cannot run, and what to do about it.</summary>
/// <param name="Node">The node's position in the file, from 0; −1 if the trouble is not with a node.</param>
/// <param name="Name">The node's name, or that of its first output.</param>
/// <param name="Operator">ONNX operator.</param>
/// <param name="Reason">Why it is not supported.</param>
/// <param name="WhatToDo">What the user can change.</param>
public sealed record UnsupportedNode(int Node, string Name, string Operator, string Reason, string WhatToDo)
{
    /// <inheritdoc/>
    public override string ToString() => $"{(Node < 0 ? "model" : $"node {Node}")} '{Name}' ({Operator}): {Reason} {WhatToDo}";
}
