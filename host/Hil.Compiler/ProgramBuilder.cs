using Hil.Compiler.Emission;
using Hil.Compiler.Memory;
using Hil.Compiler.Plans;
using Hil.Compiler.Scheduling;
using Hil.Contract;
using Hil.Contract.Isa;
using Hil.Contract.Programs;
using Hil.Contract.Verification;

namespace Hil.Compiler;

/// <summary>From a plan to a program: allocation, hazards, schedule, proof, emission, layers, nests.</summary>
internal sealed class ProgramBuilder(Plan plan, CompilerOptions options)
{
    private readonly Plan _plan = plan;
    private readonly CompilerOptions _options = options;
    private IReadOnlyList<Operation> _order = [];

    /// <summary>The operations as they stand in the program.</summary>
    public IReadOnlyList<Operation> Order => _order;

    /// <summary>The layers of the program, once it is built.</summary>
    public IReadOnlyList<ProgramLayer> Layers { get; private set; } = [];

    public long Cycles { get; private set; }

    /// <summary>Allocates and schedules; false if the plan does not fit the scratchpad.</summary>
    public AllocationResult Schedule()
    {
        AllocationResult result = new Allocator(_plan, _options.Fault).Place();
        if (!result.Fits) return result;
        var durations = new OperationDurations(_plan);
        foreach (Operation op in _plan.Operations) durations.Fill(op);
        new Hazards(_plan).Find();
        var scheduler = new Scheduler(_plan);
        _order = scheduler.Run();
        Cycles = scheduler.Makespan;
        if (_options.Fault != PlantedFault.OverlappingAllocation && _options.Fault != PlantedFault.WrongStride) AllocationProof.Check(_plan, _order);
        return result;
    }

    /// <param name="places">Inputs, outputs and observables, given where each layer of the plan lies in the program's layers.</param>
    public CompiledProgram Build(
        string name, Func<int[], (IReadOnlyList<TensorPlace> Inputs, IReadOnlyList<TensorPlace> Outputs, IReadOnlyList<TensorPlace> Observables)> places,
        IReadOnlyDictionary<string, string> metadata, string machineHash, AllocationResult allocation)
    {
        if (_order.Count == 0)
        {
            throw new HilException(
                ExitKind.Unsupported, "it has nothing that the device would compute.", name, "Give a model with a layer: all that this one does is show its input again.");
        }

        (uint imageBase, byte[] image, uint entry, Instruction[] instructions) = new Emitter(_plan, _options.Fault).Emit(_order);
        (IReadOnlyList<ProgramLayer> layers, int[] rangeOf) = LayerRanges.Find(_plan, _order);
        Layers = layers;
        IReadOnlyList<LoopNest> nests = NestFolding.Fold(instructions, layers, _plan.Machine);
        if (_options.Fault == PlantedFault.ShortNest)
            nests = [.. nests.Select(n => n with { Stages = [.. n.Stages.Select(s => s.Count > 2 ? s with { Count = s.Count - 1 } : s)] })];
        (IReadOnlyList<TensorPlace> inputs, IReadOnlyList<TensorPlace> outputs, IReadOnlyList<TensorPlace> observables) = places(rangeOf);
        var program = new ProgramImage(
            name, _plan.Machine.Name, machineHash, Identity.ContractHash, imageBase, image, entry, instructions.Length, inputs, outputs, observables,
            layers, nests, metadata);
        if (_options.Fault == PlantedFault.None && Verifier.Verify(program, _plan.Machine) is { Count: > 0 } findings)
            throw new InvalidOperationException($"The compiled program is not legal: {string.Join("; ", findings.Take(5))}.");
        return new(program,
        [
            new("scratchpad", "bytes", allocation.Peak, _plan.Machine.Scratchpad.Bytes),
            new(_plan.Machine.Regions[0].Name, "bytes", image.Length, _plan.Machine.Regions[0].Bytes),
            new("weight slot", "tiles", _plan.Operations.Max(o => o.Word.Opcode == Opcode.Compute ? (long)o.Word[Compute.Tiles] : 0), _plan.Machine.WeightTiles),
            new("accumulator half", "rows", _plan.Operations.Max(o => o.Word.Opcode == Opcode.Compute ? (long)o.Word[Compute.Rows] : 0), _plan.Machine.AccumulatorRows),
        ], Cycles);
    }
}
