namespace Hil.Compiler.Plans;

/// <summary>
/// A block of scratchpad bytes in one bank: rows of whole words. The allocator gives it its bank and address; its life is the span of the
/// operations that touch it, in the order in which they were lowered.
/// </summary>
internal sealed class Region(string name, RegionRole role, int rows, int strideBytes)
{
    public string Name { get; } = name;

    public RegionRole Role { get; } = role;

    public int Rows { get; } = rows;

    public int StrideBytes { get; } = strideBytes;

    public long Bytes => (long)Rows * StrideBytes;

    /// <summary>The only bank it may have, or −1.</summary>
    public int WantedBank { get; init; } = -1;

    /// <summary>Written by the host before START: it lives from the first operation on.</summary>
    public bool HostWrites { get; init; }

    /// <summary>Read by the host after DONE: it lives to the last operation.</summary>
    public bool HostReads { get; set; }

    public int FirstUse { get; set; } = int.MaxValue;

    public int LastUse { get; set; } = -1;

    public int FirstLayer { get; set; } = int.MaxValue;

    public int LastLayer { get; set; } = -1;

    public int Bank { get; set; } = -1;

    /// <summary>Byte address in the scratchpad, banks one after the other; −1 before allocation.</summary>
    public long Address { get; set; } = -1;
}

/// <summary>What a region holds: on two banks it decides the bank, on more what it should lie apart from.</summary>
internal enum RegionRole
{
    Input,
    Stream,
    Normed,
    Query,
    Key,
    Value,
    Scores,
    Context,
    Hidden,
    Output,
}
