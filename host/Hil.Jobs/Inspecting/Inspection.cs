using Hil.Compiler;
using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;

namespace Hil.Jobs.Inspecting;

/// <summary>Whether a model fits a machine.</summary>
/// <param name="Fits">Null where only compiling it could tell: the estimate finds no memory too small.</param>
/// <param name="What">Which memory, and by how much; empty if it fits.</param>
/// <param name="WhatToDo">What would help.</param>
/// <param name="Memories">How full each memory is; of an estimate, the least.</param>
public sealed record FitVerdict(bool? Fits, string What, string WhatToDo, IReadOnlyList<MemoryFit> Memories);

/// <summary>What it will cost.</summary>
/// <param name="Source"><c>predicted</c> from the compiled program with neutral ranges, or <c>estimated</c> from shapes.</param>
public sealed record CostForecast(string Source, double Cycles, double Milliseconds, IReadOnlyList<LayerCost> Costliest);

/// <summary>All that can be said of a model without samples.</summary>
/// <param name="Graph">Null where something is not supported.</param>
/// <param name="Unsupported">Each thing that stands in the way, with its reason and what to rewrite.</param>
public sealed record Inspection(
    string Name,
    string Hash,
    ModelOutline Outline,
    Graph? Graph,
    IReadOnlyList<UnsupportedNode> Unsupported,
    FitVerdict? Fit,
    CostForecast? Cost)
{
    /// <summary>Files of external data that are not there; what stands here was found without them.</summary>
    public IReadOnlyList<string> MissingFiles { get; init; } = [];
}
