using System.Collections.Immutable;
using Hil.Contract;
using Hil.Models.Graphs;
using Hil.Models.Import.Nodes;
using Hil.Models.Import.Quantized;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;
using Hil.Models.Reference;

namespace Hil.Models.Import;

/// <summary>Turns an ONNX model (float32, opset 10 to 25, batch 1, dimensions bound) into a <see cref="Graph"/>.</summary>
public static class OnnxImporter
{
    private const int FirstOpset = 10;
    private const int LastOpset = 25;

    /// <summary>
    /// The graph. Throws <see cref="HilException"/> (Unsupported) with the whole list of what the device cannot run.
    /// </summary>
    public static Graph Import(OnnxModel model) =>
        TryImport(model, out var unsupported) ?? throw new HilException(
            ExitKind.Unsupported,
            $"{unsupported.Length} {(unsupported.Length == 1 ? "thing in this model is" : "things in this model are")} not supported:"
                + string.Concat(unsupported.Select(u => $"\n  {u}")) + "\n",
            model.Name,
            string.Empty);

    /// <summary>The graph, or null and everything that stands in its way.</summary>
    public static Graph? TryImport(OnnxModel model, out ImmutableArray<UnsupportedNode> unsupported)
    {
        ArgumentNullException.ThrowIfNull(model);
        var problems = ModelProblems(model.Proto, model.Fault);
        List<UnsupportedNode> quantizers = [];
        var (proto, origins, encodings) = QuantizerRemoval.Of(model.Proto, quantizers, model.Fault);
        ImmutableArray<UnsupportedNode> InFile() =>
            [.. Placed(problems, n => model.Origins[origins[n]]).Concat(Placed(quantizers, n => model.Origins[n])).OrderBy(p => p.Node)];
        problems.AddRange(OperatorProblems(proto.Graph, model.Fault));
        if (problems.Count + quantizers.Count > 0)
        {
            unsupported = InFile();
            return null;
        }

        var inputs = ModelInputs.Describe(proto)!.Value;
        var facts = OnnxFacts.Of(proto, inputs, model.Name, encodings.Tensors.ContainsKey);
        var lowering = new Lowering(proto.Graph, facts, encodings.Tensors.ContainsKey, problems, model.Fault);
        var graph = lowering.Run(model.Name, inputs);
        unsupported = InFile();
        if (problems.Count > 0 || graph is null)
        {
            return null;
        }

        model.Show(lowering.AddedNodes, lowering.AddedConstants);
        return graph with
        {
            Encodings = EncodingNames.Of(proto.Graph, graph, encodings),
            Matched = LayerNodes.Of(proto.Graph, graph),
        };
    }

    /// <summary>The problems by where their nodes stand in the file.</summary>
    private static IEnumerable<UnsupportedNode> Placed(IEnumerable<UnsupportedNode> problems, Func<int, int> placeOf) =>
        problems.Select(p => p.Node < 0 ? p : QuantizedAdvice.Of(p with { Node = placeOf(p.Node) }));

    private static List<UnsupportedNode> ModelProblems(ModelProto model, ImporterFault fault)
    {
        List<UnsupportedNode> problems = [];
        void Add(string name, string reason, string whatToDo) => problems.Add(new(-1, name, "model", reason, whatToDo));

        var opset = model.OpsetImport.First(o => o.Domain is "" or "ai.onnx").Version;
        if (opset is < FirstOpset or > LastOpset && fault != ImporterFault.OpsetUnchecked)
        {
            Add("opset_import", $"Opset {opset} is not read.", $"Export with opset_version={FirstOpset} to {LastOpset}.");
        }

        foreach (var function in model.Functions)
        {
            Add(function.Name, "Model-local functions that call themselves, lie too deep or are too many are not read.", "Export with export_modules_as_functions=False.");
        }

        var inputs = ModelInputs.Of(model);
        if (inputs.Count == 0)
        {
            Add(model.Graph.Name, "It has no input.", "Check the exported model.");
        }

        foreach (var alike in inputs.Where(i => ModelInputs.StaticShape(i) is null).GroupBy(InputBinding.Problem))
        {
            Add(string.Join(", ", alike.Select(i => i.Name)), alike.Key.Reason, alike.Key.WhatToDo);
        }

        if (model.Graph.Output.Count != 1 && fault != ImporterFault.MoreOutputsIgnored)
        {
            Add(string.Join(", ", model.Graph.Output.Select(o => o.Name)), $"It has {model.Graph.Output.Count} outputs.", "Keep one output.");
        }

        return problems;
    }

    private static IEnumerable<UnsupportedNode> OperatorProblems(GraphProto graph, ImporterFault fault)
    {
        var independent = graph.Initializer.Select(t => t.Name).ToHashSet();
        var front = FrontNodes.Find(graph, graph.Input.Select(i => i.Name).Where(i => !independent.Contains(i)), independent.Contains, _ => false);
        for (var i = 0; i < graph.Node.Count; i++)
        {
            var node = graph.Node[i];
            var isConstant = Operators.IsConstant(node, independent.Contains);
            if (fault != ImporterFault.ControlFlowUnchecked && node.Attribute.Any(a => a.G is not null || a.Graphs.Count > 0))
            {
                yield return new(i, node.Title(), node.OpType, "Control flow is not supported.", "Trace the model with fixed inputs instead of scripting it.");
            }
            else if (fault != ImporterFault.DomainsUnchecked && node.Domain is not ("" or "ai.onnx") && !Operators.IsKnownFused(node.Domain, node.OpType))
            {
                yield return new(i, node.Title(), $"{node.Domain}.{node.OpType}", "Operators outside the ONNX set are not supported in this form.", Operators.AdviceOnDomain(node.Domain, node.OpType));
            }
            else if (!isConstant && !Operators.IsKnown(node.OpType) && !front.Contains(node.Output[0]))
            {
                yield return new(i, node.Title(), node.OpType, "The device has no such operation.", Operators.Advice(node.OpType));
            }

            if (isConstant)
            {
                independent.UnionWith(node.Output);
            }
        }
    }
}
