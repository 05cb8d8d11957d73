using Hil.Contract.Isa;

namespace Hil.Contract.Records;

/// <summary>Where a number comes from; printed wherever the number is.</summary>
public enum Provenance
{
    Predicted,
    Emulated,
    Rtl,
    VirtualBoard,
    Board,
}

/// <summary>Retirement of one instruction, in cycles from START (docs/timing.md section 4).</summary>
public readonly record struct Retirement(int Index, Unit Unit, long Start, long Retire);

/// <summary>What stopped a segment; reason None for a normal end.</summary>
public sealed record TrapRecord(TrapReason Reason, int InstructionIndex)
{
    public static readonly TrapRecord None = new(TrapReason.None, 0);
}

/// <summary>One run of one program on one device.</summary>
/// <param name="EnergyMicrojoules">Null without a sensor; never a prediction.</param>
public sealed record Measurement(
    string Schema,
    string Program,
    string ProgramHash,
    string Machine,
    string MachineHash,
    string ContractHash,
    string Device,
    Provenance Provenance,
    TrapRecord Trap,
    Counters Counters,
    IReadOnlyList<LayerCycles> Layers,
    IReadOnlyList<Retirement> Trace,
    double? EnergyMicrojoules)
{
    public const string CurrentSchema = "hil.measurement/1";
}

/// <summary>Cycles of one layer by docs/timing.md section 9, with each unit's busy cycles in it.</summary>
public sealed record LayerCycles(string Name, string Kind, long Cycles, IReadOnlyList<long> Busy, long Macs);
