namespace Hil.Jobs.Bitstreams;

/// <summary>A kind of block that a chip has so many of.</summary>
/// <param name="Name">For people: cells, LUT, flip-flops, DSP, block RAM.</param>
/// <param name="Available">How many the chip has.</param>
public sealed record ChipResource(string Name, int Available);

/// <summary>
/// What a family's netlist cells take of a chip. iCE40UP5K: Lattice FPGA-DS-02008, table 1-1, and the packed cells that nextpnr reports;
/// LFE5U-85F: Lattice FPGA-DS-02012, table 1.1 (a distributed RAM of 16x4 takes the four LUTs of two slices and two more that write it);
/// XC7A100T: AMD DS180, table 4 (distributed RAM and CARRY4: UG474, chapter 2).
/// </summary>
public static class ChipResources
{
    private static readonly Dictionary<ChipFamily, (string[] Names, int[] Available, Dictionary<string, (int Kind, double Takes)> Cells)> Families = new()
    {
        [ChipFamily.Ice40] = (["cells", "block RAM", "DSP", "SPRAM"], [5280, 30, 8, 4], new()
        {
            ["ICESTORM_LC"] = (0, 1), ["ICESTORM_RAM"] = (1, 1), ["ICESTORM_DSP"] = (2, 1), ["ICESTORM_SPRAM"] = (3, 1),
        }),
        [ChipFamily.Ecp5] = (["LUT4", "flip-flops", "DSP 18x18", "block RAM 18 kbit"], [83640, 83640, 156, 208], new()
        {
            ["LUT4"] = (0, 1), ["CCU2C"] = (0, 2), ["TRELLIS_DPR16X4"] = (0, 6), ["TRELLIS_FF"] = (1, 1), ["MULT18X18D"] = (2, 1), ["DP16KD"] = (3, 1),
        }),
        [ChipFamily.Xc7] = (["LUT6", "flip-flops", "DSP48E1", "block RAM 36 kbit"], [63400, 126800, 240, 135], new()
        {
            ["LUT1"] = (0, 1), ["LUT2"] = (0, 1), ["LUT3"] = (0, 1), ["LUT4"] = (0, 1), ["LUT5"] = (0, 1), ["LUT6"] = (0, 1),
            ["RAM32X1D"] = (0, 2), ["RAM64X1D"] = (0, 2), ["RAM128X1D"] = (0, 4), ["RAM32M"] = (0, 4), ["RAM64M"] = (0, 4), ["SRL16E"] = (0, 1), ["SRLC32E"] = (0, 1),
            ["FDRE"] = (1, 1), ["FDSE"] = (1, 1), ["FDCE"] = (1, 1), ["FDPE"] = (1, 1), ["DSP48E1"] = (2, 1), ["RAMB18E1"] = (3, 0.5), ["RAMB36E1"] = (3, 1),
        }),
    };

    /// <summary>The kinds, in the order in which a table shows them.</summary>
    public static IReadOnlyList<ChipResource> Of(ChipFamily family) =>
        [.. Families[family].Names.Zip(Families[family].Available, (n, a) => new ChipResource(n, a))];

    /// <summary>The kind that a netlist cell takes and how much of it; null for wires, muxes inside of a cell, pins and the like.</summary>
    public static (int Kind, double Takes)? Taken(ChipFamily family, string cellType) =>
        Families[family].Cells.TryGetValue(cellType, out (int, double) taken) ? taken : null;
}
