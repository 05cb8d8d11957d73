namespace Hil.Contract.Machines;

/// <summary>How large one build of the accelerator is. Read from fpga/machines/*.json by <c>MachineFile</c>; every key required.</summary>
public sealed record Machine(
    string Name,
    string Description,
    bool SimulationOnly,
    long ClockHz,
    ArrayShape Array,
    ScratchpadShape Scratchpad,
    int AccumulatorRows,
    int WeightTiles,
    int ParameterEntries,
    int TableSlots,
    int RowScaleEntries,
    VectorShape Vector,
    IssueShape Issue,
    IReadOnlyList<MemoryRegion> Regions,
    CounterSet Counters,
    EnergyModel Energy)
{
    public int Rows => Array.Rows;

    public int Columns => Array.Columns;

    public int Lanes => Vector.Lanes;

    public int WordBytes => Scratchpad.WordBytes;

    /// <summary>Bytes of one tile record in a weight stream: index, then R*C weights (numerics, section 3).</summary>
    public int TileRecordBytes => Math.Max(2, Columns) + Rows * Columns;

    /// <summary>The region that holds an address range, or null.</summary>
    public MemoryRegion? RegionOf(long address, long bytes) =>
        Regions.FirstOrDefault(r => address >= r.Base && address + bytes <= r.Base + r.Bytes);
}

/// <summary>Powers of two, 1 to 64 each.</summary>
public sealed record ArrayShape(int Rows, int Columns);

/// <summary>Single-ported banks of equal size; the word is a power of two, at least max(4, rows, columns).</summary>
public sealed record ScratchpadShape(int Banks, int BankBytes, int WordBytes)
{
    public long Bytes => (long)Banks * BankBytes;
}

/// <summary>Lanes: a power of two, at most columns and the word. The cycles are those of docs/timing.md section 6.</summary>
public sealed record VectorShape(
    int Lanes, int RoundCycles, int StatisticsCycles, int LineCycles, int StartCycles, int NormCycles, int DivideCycles);

/// <summary>FetchInstructions: a power of two with 16 times it at most the smallest maxBurstBytes.</summary>
public sealed record IssueShape(int QueueDepth, int FetchInstructions, int DispatchCycles, int DeadlockCycles);

/// <summary>One region of main memory and what a burst in it costs (docs/timing.md section 5).</summary>
public sealed record MemoryRegion(
    string Name,
    long Base,
    long Bytes,
    bool Writable,
    int ReadLatencyCycles,
    int WriteLatencyCycles,
    int BeatBytes,
    int CyclesPerBeat,
    int MaxBurstBytes,
    int PageBytes,
    int PageCycles,
    string Source)
{
    /// <summary>Cycles of one burst.</summary>
    public long BurstCycles(long address, long bytes, bool write)
    {
        long crossed = PageBytes == 0 ? 0 : ((address + bytes - 1) / PageBytes) - (address / PageBytes);
        return (write ? WriteLatencyCycles : ReadLatencyCycles)
            + ((bytes + BeatBytes - 1) / BeatBytes * CyclesPerBeat)
            + (PageCycles * crossed);
    }
}

public enum CounterSet
{
    /// <summary>cycles, and busy of each unit.</summary>
    Basic,

    /// <summary>Every counter of the contract.</summary>
    Full,
}

/// <summary>Energy figures for prediction only, each with its source; never called measured.</summary>
public sealed record EnergyModel(
    double PicojoulesPerMac,
    double PicojoulesPerScratchpadByte,
    double PicojoulesPerMainMemoryByte,
    double PicojoulesPerVectorElement,
    double StaticMilliwatts,
    string Source);
