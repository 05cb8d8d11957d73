using System.Collections.Immutable;
using System.Globalization;
using Hil.Compiler;
using Hil.Compression.Quantization;
using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Predict;
using MemoryFit = Hil.Compiler.MemoryFit;

namespace Hil.Jobs.Inspecting;

/// <summary>Says within seconds whether a model runs, fits, and how long it will take, of a file of any size and without samples.</summary>
public static class ModelInspector
{
    /// <summary>Parameters up to which a model is compiled; beyond, shapes are enough and take no minutes.</summary>
    public const long MostParametersCompiled = 2_000_000;

    private const int CostliestShown = 3;

    /// <exception cref="HilException">BadInput: it is no sound ONNX file.</exception>
    /// <param name="bind">Lengths of symbolic dimensions by name; null: none.</param>
    public static Inspection Inspect(string path, Machine machine, IReadOnlyDictionary<string, long>? bind = null)
    {
        ArgumentNullException.ThrowIfNull(machine);
        IReadOnlyDictionary<string, long> lengths = bind ?? new Dictionary<string, long>();
        OnnxModel model = InputBinding.Bind(OnnxModel.LoadSkeleton(path), lengths);
        ModelOutline outline = ModelOutline.Of(model);
        if (OnnxImporter.TryImport(model, out ImmutableArray<UnsupportedNode> unsupported) is not { } graph)
        {
            return new Inspection(model.Name, model.Hash, outline, null, unsupported, null, null) { MissingFiles = model.MissingFiles };
        }

        if (outline.Parameters > MostParametersCompiled || model.MissingFiles.Count > 0)
        {
            (FitVerdict shapes, CostForecast least) = Estimated(graph, machine);
            return new Inspection(model.Name, model.Hash, outline, graph, [], shapes, least) { MissingFiles = model.MissingFiles };
        }

        model = InputBinding.Bind(OnnxModel.Load(path), lengths);
        graph = OnnxImporter.Import(model);
        (FitVerdict fit, CostForecast cost) = Compiled(model, graph, machine);
        return new Inspection(model.Name, model.Hash, outline, graph, [], fit, cost);
    }

    /// <summary>By compiling it with neutral ranges: exact sizes, and the prediction of the very program.</summary>
    private static (FitVerdict Fit, CostForecast Cost) Compiled(OnnxModel model, Graph graph, Machine machine)
    {
        try
        {
            QuantizationResult quantized = Quantizer.Quantize(model, graph, NeutralRanges.Of(graph));
            CompiledProgram compiled = ModelCompiler.Compile(quantized.Graph, machine);
            Prediction p = Predictor.Predict(compiled.Program, machine, ProgramFile.Hash(compiled.Program));
            return (
                new FitVerdict(true, "", "", compiled.Memories),
                Forecast("predicted", p.Cycles, [.. p.Layers.Select(l => new LayerCost(l.Name, l.Kind, l.Cycles, l.Bound))], machine));
        }
        catch (HilException e) when (e.Kind == ExitKind.Unsupported)
        {
            (FitVerdict shapes, CostForecast cost) = Estimated(graph, machine);
            return (new FitVerdict(false, $"{e.Where}: {e.What}", Help(graph, machine, e.WhatToDo), shapes.Memories), cost);
        }
    }

    private static (FitVerdict Fit, CostForecast Cost) Estimated(Graph graph, Machine machine)
    {
        ShapeEstimate estimate = ShapeEstimate.Of(graph, machine);
        MemoryFit[] memories = Memories(estimate, machine);
        MemoryFit[] over = [.. memories.Where(m => m.Used > m.Available)];
        FitVerdict fit = over.Length == 0
            ? new FitVerdict(null, "", "Compile it to know.", memories)
            : new FitVerdict(false,
                string.Join(" ", over.Select(m => string.Create(
                    CultureInfo.InvariantCulture, $"The {m.Memory} needs at least {m.Used} bytes, {m.Used - m.Available} more than it has."))),
                Help(graph, machine, over.Any(m => m.Memory == machine.Regions[0].Name) ? "Prune the model or share its weights." : "Shorten the sequence."),
                memories);
        return (fit, Forecast("estimated", estimate.Cycles, estimate.Layers, machine));
    }

    private static CostForecast Forecast(string source, double cycles, IReadOnlyList<LayerCost> layers, Machine machine) => new(
        source, cycles, cycles * 1000 / machine.ClockHz, [.. layers.OrderByDescending(l => l.Cycles).Take(CostliestShown)]);

    private static MemoryFit[] Memories(ShapeEstimate estimate, Machine machine) =>
    [
        new("scratchpad", "bytes", estimate.ActivationBytes, machine.Scratchpad.Bytes),
        new(machine.Regions[0].Name, "bytes", estimate.WeightBytes, machine.Regions[0].Bytes),
    ];

    private static string Help(Graph graph, Machine machine, string otherwise)
    {
        string[] larger =
        [
            .. MachineFile.BundledNames.Where(n => n != machine.Name).Select(MachineFile.Bundled)
                .Where(m => Memories(ShapeEstimate.Of(graph, m), m).All(f => f.Used <= f.Available)).Select(m => m.Name),
        ];
        return larger.Length == 0 ? otherwise : $"{otherwise} By its shapes it could fit {string.Join(", ", larger)}.";
    }
}
