using Hil.Contract.Machines;
using Hil.Rtl.Tests;

namespace Hil.Formal.Tests;

/// <summary>A line of the sources, what to put in its place, and the cycles within which an assertion must fail then.</summary>
internal sealed record SourceFault(string File, string Text, string Replacement, int Depth);

/// <summary>
/// The assertions of one module and of its environment (fpga/formal/formal_NAME.sv) on one machine. Checked over all inputs for
/// <paramref name="Depth"/> cycles from reset (<paramref name="FullDepth"/> with HIL_TEST_FULL=1); with <paramref name="Induction"/>
/// above 0, proved for all time by induction over so many cycles.
/// </summary>
internal sealed record PropertySet(
    string Name, Machine Machine, int Depth, int FullDepth, int Induction, IReadOnlyList<SourceFault> Faults)
{
    public override string ToString() => $"{Name} on {Machine.Name}";
}

/// <summary>All property sets, with small memories: a proof takes every one of their states.</summary>
internal static class PropertySets
{
    /// <summary>Instructions by chunks, a queue of one, beats of a byte, no writable region.</summary>
    private static readonly Machine Narrow = Small("icebreaker", "small-narrow", weightTiles: 2);

    /// <summary>Instructions whole, a queue of several, two regions with unlike bursts, the second of them writable.</summary>
    private static readonly Machine Wide = Small("ulx3s-85f", "small-wide", weightTiles: 2);

    public static IReadOnlyList<PropertySet> All { get; } =
    [
        new("tokens", Wide, 4, 20, 2,
        [
            new("unit/hil_tokens.sv", "{{3{take_i[i]}}, 1'b1}", "{{3{post_i[i]}}, 1'b1}", 4),
            new("unit/hil_tokens.sv", "post_i[i] && !take_i[i] && count_q == '1", "post_i[i] && !take_i[i] && count_q == 4'd3", 8),
        ]),
        new("port", Wide, 4, 12, 3,
        [
            new("port/hil_port.sv",
                "assign grant[1] = !occupied_q && store_request_i && !fetch_request_i;",
                "assign grant[1] = !occupied_q && store_request_i;", 3),
            new("port/hil_port.sv", "store_request_i ? store_bytes_i : load_bytes_i", "load_bytes_i", 3),
            new("port/hil_port.sv", "end else if (mem_last_i) begin", "end else if (mem_last_i && !owner_q[2]) begin", 5),
        ]),
        new("port_engine", Wide, 6, 16, 3,
        [
            new("port/hil_port_engine.sv", "final_q ? Tail1 : Request", "Tail1", 6),
            new("port/hil_port_engine.sv", "Tail1:   state_d = Tail2;", "Tail1:   state_d = Idle;", 8),
            new("port/hil_port_engine.sv", "is_final ? reach_q[BurstW-1:0] : most) - offset", "is_final ? reach_q[BurstW-1:0] : most)", 6),
            new("port/hil_port_engine.sv", "addr_q - MainAddrW'(offset) + MainAddrW'(most)", "addr_q + MainAddrW'(most)", 6),
        ]),
        new("port_engine", Narrow, 6, 16, 3,
        [
            new("port/hil_port_engine.sv", "start_i ? addr_i[Shift-1:0] : '0", "start_i ? addr_i[Shift-1:0] : addr_q[Shift-1:0]", 6),
            new("port/hil_port_engine.sv", "reach_q <= LengthW'(most)", "reach_q < LengthW'(most)", 6),
        ]),
        new("unit", Wide, 6, 8, 0,
        [
            new("unit/hil_unit.sv", "missing & (~missing + 1'b1)", "missing", 4),
            new("unit/hil_unit.sv", "count_q - CountW'(start_o)) entry_q", "count_q) entry_q", 6),
            new("unit/hil_unit.sv",
                "assign post_o      = last_i ? running_post_q : '0;",
                "assign post_o      = last_i ? word_o[hil_contract_pkg::PostLsb+:4] : '0;", 6),
        ]),
        new("unit", Narrow, 12, 14, 0,
        [
            new("unit/hil_unit.sv", "chunk_index_i == 3'(k)", "chunk_index_i != 3'(k)", 12),
        ]),
        // The longest instruction of this machine takes 26 cycles.
        new("strip", Narrow, 13, 28, 0,
        [
            new("compute/hil_strip.sv", "StepW'(PeriodLeast - 1)", "StepW'(PeriodLeast)", 13),
            new("compute/hil_strip.sv",
                "slot_i ? hil_machine_pkg::WeightAddrW'(hil_machine_pkg::WeightTiles * R)",
                "slot_i ? hil_machine_pkg::WeightAddrW'(hil_machine_pkg::WeightTiles)", 10),
            new("compute/hil_strip.sv", "assign weight_row_o  = chain_q[R:1];", "assign weight_row_o  = chain_q[R-1:0];", 10),
        ]),
        new("round_shift", Narrow, 2, 2, 1,
        [
            new("vector/hil_round_shift.sv", "by1[0] && (below || by1[1])", "by1[0]", 2),
            new("vector/hil_round_shift.sv", "(shift_i[2] && by8[3:0] != '0)", "(shift_i[2] && by8[2:0] != '0)", 2),
        ]),
    ];

    public static PropertySet Named(string text) => All.Single(p => p.ToString() == text);

    private static Machine Small(string file, string name, int weightTiles)
    {
        Machine machine = MachineFile.Load(Path.Combine(Repository.Root, $"fpga/machines/{file}.json"));
        return machine with
        {
            Name = name,
            Array = new ArrayShape(2, 2),
            Scratchpad = machine.Scratchpad with { BankBytes = 64 },
            AccumulatorRows = 7,
            WeightTiles = weightTiles,
            ParameterEntries = 4,
        };
    }
}
