using Hil.Contract.Machines;
using Hil.Contract.Records;
using Hil.Emulator;
using Hil.Specification.Comparison;
using Hil.Specification.Forms;
using Hil.Specification.Programs;
using Hil.Specification.Tests.Emulator;
using Hil.Specification.Timing;
using static Hil.Emulator.EmulatorMutation;
using EngineTiming = Hil.Emulator.Timing.TimingResult;

namespace Hil.Mutants.Tests.Emulator;

/// <summary>Faults of the emulator: functional ones are found by the specification, those of time by the interpreter, both with the instruction.</summary>
internal static class EmulatorMutants
{
    private const int MostPrograms = 600;

    /// <summary>With no fault planted, so many programs must be equal.</summary>
    private const int ControlPrograms = 10;

    public static readonly Mutant[] All =
    [
        Memory(RequantizeRoundsHalfUp, "(REQUANTIZE"), Memory(RequantizeTruncates, "(REQUANTIZE"),
        Memory(RequantizeClipsToMinus128, "(REQUANTIZE"), Memory(RequantizeBiasWraps, "(REQUANTIZE"),
        Memory(RequantizeAccumulateOverwrites, "(REQUANTIZE"), Memory(RequantizeRowScaleShiftIgnored, "(REQUANTIZE"),
        Memory(RequantizeTableIndexClipped, "(REQUANTIZE"), Memory(ComputeShiftsBySix, "(COMPUTE"),
        Memory(ComputeAccumulateOverwrites, "(COMPUTE"), Memory(ComputeEmptyKeepsAccumulators, "(COMPUTE"),
        Memory(ComputeIgnoresTileIndices, "(COMPUTE"),
        // A weight slot shows only in the product that uses it.
        Memory(LoadDynamicKeepsGarbageRows, "(COMPUTE"), Memory(LoadDynamicKeepsGarbageColumns, "(COMPUTE"),
        Memory(LayerNormSkipsNewtonStep, "(LAYER_NORM"), Memory(LayerNormIgnoresEpsilon, "(LAYER_NORM"),
        Memory(LayerNormIgnoresRms, "(LAYER_NORM"),
        new("Emulator", nameof(LayerNormRoundsHalfUp), planted => Ties(planted ? LayerNormRoundsHalfUp : None), "(LAYER_NORM"), Memory(SoftmaxMaximumOverAllKeys, "(SOFTMAX"),
        Memory(SoftmaxCausalStartsOneLater, "(SOFTMAX"), Memory(SoftmaxIgnoresMask, "(SOFTMAX"),
        Memory(SoftmaxDivideTruncates, "(SOFTMAX"), Memory(SoftmaxStepIsOneOctaveShort, "(SOFTMAX"),
        Memory(MapBiasAfterMultiplier, "(MAP"), Memory(AddTruncates, "(ADD"), Memory(StoreDropsLastRow, "(STORE"),

        Time(ComputeFillOneShort, "(Compute)"), Time(ComputeTilesOverlapFully, "(Compute)"),
        Time(RequantizeParametersFree, "(Requantize)"), Time(RequantizeAccumulateFree, "(Requantize)"),
        Time(LayerNormOneReadPass, "(LayerNorm)"), Time(SoftmaxDivideFree, "(Softmax)"),
        Time(CombineTakesLargest, "instruction "), Time(LoadDynamicColumnsAsRows, "(LoadDynamic)"),
        Time(BurstIgnoresBoundaries, "instruction "), Time(BurstPageCrossingFree, "instruction "),
        Time(BurstBeatsRoundedDown, "instruction ", WideBeats), Time(StoreUsesReadLatency, "(Store)"),
        Time(PortTailOneCycle, "instruction "), Time(PortPrefersLoad, "instruction "), Time(PortFetchLast, "instruction "),
        Time(StallNamesHighestUnit, "counter stall."), Time(QueueHoldsOneMore, "instruction "),
        Time(DispatchOneCycleMore, "instruction "), Time(FetchWaitsForEmptyBuffer, "instruction "),
        new("Emulator", nameof(DeadlockOneCycleLate), planted => Deadlocks(planted ? DeadlockOneCycleLate : None), "counter cycles"),
        Time(StreamedRowsIgnoreTiles, "counter streamedRows"), Time(PortWaitCountedBusy, "counter busy."),
        Time(LayersEndAtFirstRetirement, "layers of"),
    ];

    private static Mutant Memory(EmulatorMutation mutation, string names)
    {
        // MAP shares its rounding with REQUANTIZE, and would be named instead.
        GeneratorOptions options = names == "(REQUANTIZE" ? GeneratorOptions.ProductPath : GeneratorOptions.Default;
        return new("Emulator", mutation.ToString(), planted => Search(planted ? mutation : None, MemoryReport, MachineGenerator.Make, options), names);
    }

    private static Mutant Time(EmulatorMutation mutation, string names, Func<int, Machine>? machines = null) => new(
        "Emulator", mutation.ToString(),
        planted => Search(planted ? mutation : None, TimeReport, machines ?? MachineGenerator.Make, GeneratorOptions.Default), names);

    /// <summary>By the rules of machine files all transfers are whole beats; only a machine beyond them shows how beats are rounded.</summary>
    private static Machine WideBeats(int seed)
    {
        Machine made = MachineGenerator.Make(seed);
        return made with { Regions = [.. made.Regions.Select(r => r with { BeatBytes = 16 })] };
    }

    private static string? Ties(EmulatorMutation mutation) => Enumerable.Range(0, 300)
        .Select(n => MemoryReport(TiedRows.Make((uint)n * 7919), new EmulatorOptions { Mutation = mutation }))
        .FirstOrDefault(found => found is not null);

    private static string? Search(
        EmulatorMutation mutation, Func<GeneratedProgram, EmulatorOptions, string?> report, Func<int, Machine> machines, GeneratorOptions generator)
    {
        var options = new EmulatorOptions { Mutation = mutation };
        for (int seed = 0; seed < (mutation == None ? ControlPrograms : MostPrograms); seed++)
        {
            if (report(ProgramGenerator.Make(machines(seed), seed, generator), options) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static string? MemoryReport(GeneratedProgram generated, EmulatorOptions options) =>
        Divergence.Find(generated, g => EmulatorRunner.Run(g, options))?.What;

    private static string? TimeReport(GeneratedProgram generated, EmulatorOptions options)
    {
        TimingResult expected = Interpreter.Run(generated.Machine, generated.Program, i => LegalForm.Check(i, generated.Machine));
        EngineTiming timing = EmulatorRunner.Engine(generated, options).Timing;
        IReadOnlyList<long> layers = expected.LayerCycles(generated.Program.Layers);
        return TimingDivergence.Find(generated, expected, timing.Trap, timing.Counters, timing.Trace)
            ?? (layers.SequenceEqual(timing.Layers.Select(l => l.Cycles))
                ? null
                : $"{generated}: layers of {string.Join(", ", layers)} cycles expected, got {string.Join(", ", timing.Layers.Select(l => l.Cycles))}.");
    }

    private static string? Deadlocks(EmulatorMutation mutation)
    {
        for (int seed = 0; seed < 60; seed++)
        {
            Machine made = MachineGenerator.Make(seed);
            Machine machine = made with { Issue = made.Issue with { DeadlockCycles = 64 + seed } };
            if (TimeReport(TokenDamage.Make(machine, seed), new EmulatorOptions { Mutation = mutation }) is { } found)
            {
                return found;
            }
        }

        return null;
    }
}
