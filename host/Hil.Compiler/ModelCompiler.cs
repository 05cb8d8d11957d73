using System.Runtime.ExceptionServices;
using Hil.Compiler.Emission;
using Hil.Compiler.Lowering;
using Hil.Compiler.Memory;
using Hil.Compiler.Plans;
using Hil.Contract;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Models.Graphs;
using Hil.Models.Quantized;

namespace Hil.Compiler;

/// <summary>Compiles a quantized graph to one program: the whole model on the device.</summary>
public static class ModelCompiler
{
    /// <exception cref="HilException">The model does not fit the machine, or has what the compiler does not know.</exception>
    public static CompiledProgram Compile(QuantizedGraph graph, Machine machine, CompilerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(machine);
        options ??= CompilerOptions.Default;
        AllocationResult? failure = null;
        Candidate? best = null;
        foreach (IReadOnlyList<LoweringChoice> group in options.Only is { } only ? [[only]] : ChoiceList.Groups(machine))
        {
            foreach (Candidate candidate in Candidate.Make(graph, machine, group, options))
            {
                if (!candidate.Allocation.Fits)
                {
                    if (failure is null || candidate.Allocation.Over < failure.Over) failure = candidate.Allocation;
                }
                else if (best is null || candidate.Builder.Cycles < best.Builder.Cycles)
                {
                    best = candidate;
                }
            }

            if (best is { ArrayIsBusiest: true } && options.Only is null && graph.Layers.Any(l => l is QNormalize))
            {
                foreach (Candidate candidate in Candidate.Make(graph, machine, ChoiceList.ForBusyArrays(machine), options))
                {
                    if (candidate.Allocation.Fits && candidate.Builder.Cycles * 100 < best.Builder.Cycles * (100 - ChoiceList.WorthMoreReads)) best = candidate;
                }
            }

            if (best is not null) return best.WithLongPieces(graph, machine, options).Build(graph, machine);
        }

        throw new HilException(
            ExitKind.Unsupported,
            $"The model does not fit the scratchpad of {machine.Scratchpad.Bytes} bytes in {machine.Scratchpad.Banks} banks: {failure!.Over} bytes over at {failure.Where}, "
            + "with scores and hidden layer already split into the smallest blocks.",
            $"{graph.Name} on {machine.Name}", "A shorter sequence, a narrower model or a machine with a larger scratchpad would help.");
    }

    private sealed record Candidate(LoweringChoice Choice, Plan Plan, GraphLowering Lowering, ProgramBuilder Builder, AllocationResult Allocation)
    {
        /// <summary>Compute is busy longer than Vector.</summary>
        public bool ArrayIsBusiest => Busy(Unit.Compute) > Busy(Unit.Vector);

        private long Busy(Unit unit) => Plan.Operations.Where(o => o.Unit == unit).Sum(o => o.Duration);

        public static Candidate[] Make(QuantizedGraph graph, Machine machine, IReadOnlyList<LoweringChoice> choices, CompilerOptions options)
        {
            var candidates = new Candidate[choices.Count];
            try
            {
                Parallel.For(0, choices.Count, i => candidates[i] = Make(graph, machine, choices[i], options, null));
            }
            catch (AggregateException all) when (all.InnerExceptions.OfType<HilException>().FirstOrDefault() is { } first)
            {
                ExceptionDispatchInfo.Throw(first);
            }

            return candidates;
        }

        public static Candidate Make(
            QuantizedGraph graph, Machine machine, LoweringChoice choice, CompilerOptions options, IReadOnlyList<IReadOnlyList<Piece>>? pieces)
        {
            var plan = new Plan(machine, pieces);
            var lowering = new GraphLowering(plan, graph, choice, options.Fault);
            lowering.Lower();
            var builder = new ProgramBuilder(plan, options);
            return new(choice, plan, lowering, builder, builder.Schedule());
        }

        /// <summary>The same with vector pieces joined that nothing came between, or this if that is not shorter.</summary>
        public Candidate WithLongPieces(QuantizedGraph graph, Machine machine, CompilerOptions options)
        {
            Candidate joined = Make(graph, machine, Choice, options, PieceList.Joined(Builder.Order));
            return joined.Allocation.Fits && joined.Builder.Cycles < Builder.Cycles ? joined : this;
        }

        public CompiledProgram Build(QuantizedGraph graph, Machine machine) => Builder.Build(
            graph.Name,
            rangeOf => (
                TensorPlaces.Inputs(Lowering.Tensors, graph, Plan).ToArray(),
                TensorPlaces.Of(Lowering.Tensors, graph, graph.Output, rangeOf[Lowering.WrittenBy[graph.Output]]).ToArray(),
                TensorPlaces.Observables(Lowering, graph, Builder.Order, Builder.Layers).ToArray()),
            Metadata(graph),
            MachineFile.Hash(machine), Allocation);

        private Dictionary<string, string> Metadata(QuantizedGraph graph)
        {
            var metadata = new Dictionary<string, string> { ["kind"] = "model", ["modelHash"] = graph.ModelHash, ["schedule"] = Choice.ToString() };
            foreach (QMask mask in graph.Masks) metadata[MaskMetadata.Key(mask.Name)] = MaskMetadata.Write(mask.Source);
            foreach (string name in graph.Inputs.Append(graph.Output))
            {
                if (graph.Tensors[name].Order is { } order) metadata[TensorOrder.MetadataKey(name)] = order.ToString();
            }

            return metadata;
        }
    }
}
