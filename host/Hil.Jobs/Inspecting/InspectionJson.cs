using System.Text.Json.Nodes;
using Hil.Contract.Machines;
using Hil.Jobs.Steps;
using Hil.Models.Graphs;

namespace Hil.Jobs.Inspecting;

/// <summary>An inspection as the stable JSON <c>hil.inspect/1</c>.</summary>
public static class InspectionJson
{
    public const string Schema = "hil.inspect/1";

    public static byte[] Of(Inspection i, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(i);
        ArgumentNullException.ThrowIfNull(machine);
        return CanonicalJson.Bytes(new JsonObject
        {
            ["schema"] = Schema,
            ["model"] = i.Name,
            ["modelHash"] = i.Hash,
            ["producer"] = i.Outline.Producer,
            ["opset"] = i.Outline.Opset,
            ["parameters"] = i.Outline.Parameters,
            ["parameterBytes"] = i.Outline.ParameterBytes,
            ["missingFiles"] = new JsonArray([.. i.MissingFiles.Select(f => (JsonNode)f)]),
            ["operators"] = new JsonObject(i.Outline.Operators.Select(o => KeyValuePair.Create(o.Key, (JsonNode?)o.Value))),
            ["supported"] = i.Graph is not null,
            ["unsupported"] = new JsonArray([.. i.Unsupported.Select(u => new JsonObject
            {
                ["node"] = u.Node, ["name"] = u.Name, ["operator"] = u.Operator, ["reason"] = u.Reason, ["whatToDo"] = u.WhatToDo,
            })]),
            ["input"] = i.Graph is null ? null : Describe.Tensor(i.Graph.Input),
            ["output"] = i.Graph is null ? null : Describe.Tensor(i.Graph.Output),
            ["hostOperators"] = i.Graph is null ? null : Describe.HostNodes(i.Graph),
            ["macs"] = i.Graph?.MultiplyAccumulates,
            ["weights"] = i.Graph?.Layers.OfType<Product>().Sum(p => (long)p.Weights.Length),
            ["zeroWeights"] = IsWithoutWeights(i)
                ? null : i.Graph?.Layers.OfType<Product>().Sum(p => p.Weights.LongCount(w => w == 0)),
            ["layers"] = i.Graph is null ? null : new JsonArray([.. i.Graph.Layers.Select(l => Describe.Layer(l, !IsWithoutWeights(i)))]),
            ["machine"] = machine.Name,
            ["fit"] = i.Fit is null ? null : new JsonObject
            {
                ["fits"] = i.Fit.Fits,
                ["what"] = i.Fit.What,
                ["whatToDo"] = i.Fit.WhatToDo,
                ["memories"] = Describe.Fit(i.Fit.Memories),
            },
            ["cost"] = i.Cost is null ? null : new JsonObject
            {
                ["source"] = i.Cost.Source,
                ["cycles"] = i.Cost.Cycles,
                ["milliseconds"] = i.Cost.Milliseconds,
                ["costliest"] = new JsonArray([.. i.Cost.Costliest.Select(l => new JsonObject
                {
                    ["name"] = l.Name, ["kind"] = l.Kind, ["cycles"] = l.Cycles, ["share"] = l.Cycles / i.Cost.Cycles, ["bound"] = l.Bound,
                })]),
            },
        });
    }

    private static bool IsWithoutWeights(Inspection i) =>
        i.Outline.Parameters > ModelInspector.MostParametersCompiled || i.MissingFiles.Count > 0;
}
