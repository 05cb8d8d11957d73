using System.Text.Json.Nodes;
using Hil.Compiler;
using Hil.Compression.Pruning;
using Hil.Compression.Quantization;
using Hil.Contract.Machines;
using Hil.Contract.Records;
using Hil.Devices;
using Hil.Devices.Coverage;
using Hil.Models.Graphs;
using Hil.Models.Quantized;

namespace Hil.Jobs.Steps;

/// <summary>Parts of the stable JSON that several results share.</summary>
internal static class Describe
{
    /// <summary>What was probed, as keys of the result; those that were not asked for are not there.</summary>
    public static void Probed(JsonObject result, Probed? probed)
    {
        if (probed?.LockstepInstructions is { } alike) result["lockstep"] = new JsonObject { ["instructions"] = alike };
    }

    /// <summary>The file of <see cref="ArtefactNames.Toggles"/>.</summary>
    public static byte[] Toggles(ToggleCounts counts, BoundProgram bound) => CanonicalJson.Bytes(new JsonObject
    {
        ["schema"] = ToggleCounts.CurrentSchema,
        ["program"] = bound.Program.Name,
        ["programHash"] = bound.Hash,
        ["machine"] = bound.Machine.Name,
        ["machineHash"] = MachineFile.Hash(bound.Machine),
        ["provenance"] = "rtl",
        ["cycles"] = counts.Cycles,
        ["units"] = new JsonArray([.. counts.Units.Select(u => new JsonObject
        {
            ["unit"] = u.Unit, ["bits"] = u.Bits, ["toggles"] = u.Toggles, ["togglesPerCycle"] = Math.Round(u.Toggles / (double)counts.Cycles, 3),
        })]),
    });

    public static JsonObject Prediction(Prediction p, BoundProgram bound, string schema) => new()
    {
        ["schema"] = schema,
        ["program"] = p.Program,
        ["programHash"] = p.ProgramHash,
        ["machine"] = p.Machine,
        ["machineHash"] = p.MachineHash,
        ["contractHash"] = p.ContractHash,
        ["provenance"] = "predicted",
        ["cycles"] = new JsonObject { ["predicted"] = p.Cycles },
        ["milliseconds"] = p.Cycles * 1000 / bound.Machine.ClockHz,
        ["macs"] = p.Layers.Sum(l => l.Macs),
        ["utilization"] = p.Layers.Sum(l => l.Macs) / ((double)bound.Machine.Rows * bound.Machine.Columns * p.Cycles),
        ["energyMicrojoules"] = new JsonObject
        {
            ["predicted"] = p.EnergyMicrojoules, ["measured"] = null, ["source"] = p.EnergySource,
        },
        ["layers"] = new JsonArray([.. p.Layers.Select(l => new JsonObject
        {
            ["name"] = l.Name,
            ["kind"] = l.Kind,
            ["predicted"] = l.Cycles,
            ["bound"] = l.Bound,
            ["macs"] = l.Macs,
            ["energyMicrojoules"] = l.EnergyMicrojoules,
        })]),
    };

    public static JsonArray Fit(IReadOnlyList<MemoryFit> memories) =>
    [
        .. memories.Select(m => new JsonObject
        {
            ["memory"] = m.Memory, ["unit"] = m.Unit, ["used"] = m.Used, ["available"] = m.Available,
        }),
    ];

    public static JsonArray Warnings(QuantizationResult? quantized) =>
    [
        .. (quantized?.Warnings ?? []).Select(w => new JsonObject
        {
            ["where"] = w.Where, ["what"] = w.What, ["whatToDo"] = w.WhatToDo,
        }),
    ];

    public static JsonArray Pruned(IReadOnlyList<PrunedMatrix> matrices) =>
    [
        .. matrices.Select(m => new JsonObject
        {
            ["layer"] = m.Layer, ["weights"] = m.Weights, ["blocks"] = m.Blocks, ["zeroBlocks"] = m.ZeroBlocks,
        }),
    ];

    public static JsonArray ModelInputs(Graph graph) =>
    [
        .. graph.ModelInputs.Select(i => new JsonObject
        {
            ["name"] = i.Name, ["shape"] = new JsonArray([.. i.Shape.Select(d => JsonValue.Create(d))]), ["optional"] = i.Default is not null,
        }),
    ];

    public static JsonArray HostNodes(Graph graph) =>
        [.. graph.HostNodes.Select(n => new JsonObject { ["name"] = n.Name, ["operator"] = n.Operator })];

    public static JsonArray Masks(Graph graph) =>
    [
        .. graph.Masks.Select(m => new JsonObject
        {
            ["tensor"] = m.Tensor, ["keys"] = m.Keys, ["meaning"] = m.Meaning.ToString(), ["causal"] = m.Causal,
        }),
    ];

    public static JsonObject Tensor(Tensor t) => new() { ["name"] = t.Name, ["rows"] = t.Rows, ["columns"] = t.Columns };

    public static JsonObject Tensor(QTensor t) => new()
    {
        ["name"] = t.Name,
        ["rows"] = t.Rows,
        ["columns"] = t.Columns,
        ["type"] = t.Type.ToString(),
        ["scale"] = t.Scale,
        ["zeroPoint"] = t.ZeroPoint,
    };

    /// <param name="hasWeights">False if the weights were passed over: they are not zero then, but unknown.</param>
    public static JsonNode Layer(Layer layer, bool hasWeights) => layer switch
    {
        Product p => Named(p, "product", Product(p, hasWeights)),
        Attention a => Named(a, "attention", new JsonObject { ["heads"] = a.Heads, ["headSize"] = a.HeadSize, ["masked"] = a.Mask is not null, ["biased"] = !a.Bias.IsEmpty }),
        ActivationProduct p => Named(p, "activationProduct", new JsonObject { ["batches"] = p.Batches, ["transposed"] = p.IsTransposed }),
        Normalize n => Named(n, n.Rms ? "rmsNorm" : "layerNorm", []),
        Pointwise p => Named(p, "pointwise", new JsonObject { ["activation"] = p.Activation.ToString() }),
        SelectRows s => Named(s, "selectRows", new JsonObject { ["first"] = s.First, ["count"] = s.Count }),
        _ => Named(layer, layer.GetType().Name, []),
    };

    private static JsonObject Product(Product p, bool hasWeights)
    {
        var more = new JsonObject { ["k"] = p.K, ["n"] = p.N, ["activation"] = p.Activation.ToString() };
        if (hasWeights)
        {
            more["zeroWeightShare"] = (double)p.Weights.AsSpan().Count(0f) / p.Weights.Length;
        }

        return more;
    }

    private static JsonObject Named(Layer layer, string kind, JsonObject more)
    {
        more["name"] = layer.Name;
        more["kind"] = kind;
        more["output"] = layer.Output;
        return more;
    }
}
