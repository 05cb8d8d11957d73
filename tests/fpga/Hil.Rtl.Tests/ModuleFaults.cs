namespace Hil.Rtl.Tests;

/// <summary>Faults to be planted in the RTL's sources, each with the bench that must find it and the machine it is built for.</summary>
internal static class ModuleFaults
{
    private const string Board = "icebreaker";
    private const string Large = "ulx3s-85f";

    /// <summary>One by default; all with HIL_TEST_FULL=1.</summary>
    public static TheoryData<string, string, string, string, string> All()
    {
        var faults = new TheoryData<string, string, string, string, string>
        {
            // A new segment in the middle of a dispatch.
            { "hil_fetch", Board, "fetch/hil_dispatch.sv", "if (rst_i || last) phase_q <= '0;", "if (last) phase_q <= '0;" },
        };
        if (!Share.IsFull) return faults;
        AddPieces(faults);
        AddSerial(faults);
        AddUnits(faults);
        return faults;
    }

    private static void AddPieces(TheoryData<string, string, string, string, string> faults)
    {
        faults.Add("hil_fetch", Board, "fetch/hil_fetch.sv", "<= (CountW+1)'(2 * N)", "<= (CountW+1)'(2 * N - 1)");
        faults.Add("hil_fetch", Board, "fetch/hil_fetch.sv", "if (popped_q && !trapped_i) head_q", "if (popped_q) head_q");
        faults.Add("hil_fetch", Board, "fetch/hil_buffer_narrow.sv", "      found_q   <= 1'b0;", "      found_q   <= found_q;");
        faults.Add("hil_load_stream", Board, "load/hil_load_stream.sv", "WordAddrW'(stride_i) - WordAddrW'(row_words_i)", "WordAddrW'(stride_i)");
        faults.Add("hil_load_stream", Board, "load/hil_load_stream.sv", "      beat_q <= '0;\n      unit_q", "      unit_q");
        faults.Add("hil_counters_basic", Board, "counters/hil_counters_basic.sv", "once_more_q <= running_i;", "once_more_q <= 1'b0;");
        faults.Add("hil_scratchpad", Board, "memory/hil_scratchpad.sv", "be    = be | be_i[", "be    = be | {WordBytes{we_i[k]}} | be_i[");
        faults.Add("hil_scratchpad", Board, "memory/hil_scratchpad.sv", "if (bank_q == BankW'(b)) chosen", "if (bank_q >= BankW'(b)) chosen");
        faults.Add("hil_accumulators", Board, "compute/hil_accumulators.sv", "{held[24:0], 7'b0}", "{held[25:0], 6'b0}");
        faults.Add("hil_accumulators", Board, "compute/hil_accumulators.sv", "zero_i ? tag_i : chain_q", "chain_q");

        // A reset in the middle of an instruction; a form rule of a field; the field rules at all.
        faults.Add("hil_buffer_wide", Large, "fetch/hil_buffer_wide.sv", "      beat_q  <= '0;\n      write_q <= '0;", "      write_q <= '0;");
        faults.Add("hil_buffer_wide", Large, "fetch/hil_form.sv", "ld_columns == '0 || above(ld_columns, 32'(hil_machine_pkg::Columns))", "ld_columns == '0");
        faults.Add("hil_buffer_wide", Large, "fetch/hil_buffer_wide.sv", "word_reason != hil_contract_pkg::TrapNone ? word_reason : field_reason", "word_reason");

        // Ties, the carry between numbers, what lies above the result's digit, -128.
        faults.Add("hil_serial_number", Board, "vector_serial/hil_serial_round.sv", "(sticky_q || value_q[0])", "1'b1");
        faults.Add("hil_serial_number", Board, "vector_serial/hil_serial_scale.sv", "first_q[1] ? 16'b0 : scaled[31:16]", "scaled[31:16]");
        faults.Add("hil_serial_number", Board, "vector_serial/hil_serial_round.sv", "zeros_q <= zeros_q && digit_i == '0;", "zeros_q <= digit_i == '0;");
        faults.Add("hil_serial_number", Board, "vector_serial/hil_serial_round.sv", "fits8 && rounded[7:0] != 8'h80", "fits8");
        faults.Add("hil_serial_divide", Board, "vector_serial/hil_serial_divide.sv", "quotient_q[16:1] + 16'(quotient_q[0])", "quotient_q[16:1]");
        faults.Add("hil_serial_divide", Board, "vector_serial/hil_serial_divide.sv", "left_q     <= 5'd17;", "left_q     <= 5'd16;");
    }

    private static void AddSerial(TheoryData<string, string, string, string, string> faults)
    {
        // A product that replaces the sum, its sign, the gate, the sum's width.
        faults.Add("hil_serial_sums", Board, "vector_serial/hil_serial_sums.sv", "sums_i != 3'd1 && sums_i != 3'd4", "sums_i != 3'd4");
        faults.Add("hil_serial_sums", Board, "vector_serial/hil_serial_sums.sv", "42'(signed'(product))", "42'(product)");
        faults.Add("hil_serial_sums", Board, "vector_serial/hil_serial_sums.sv", "(sums_i == 3'd3 && gate_i)", "sums_i == 3'd3");
        faults.Add("hil_serial_sums", Board, "vector_serial/hil_serial_sums.sv", "logic signed [41:0] sum_q;", "logic signed [40:0] sum_q;");

        // The first of the keys, what a field leaves out, the carry between digits, the overflow's sign.
        faults.Add("hil_serial_adder", Board, "vector_serial/hil_serial_adder.sv", "(sign_o || empty_q)", "sign_o");
        faults.Add("hil_serial_adder", Board, "vector_serial/hil_serial_adder.sv", "{4{clear[1]}}", "{4{clear[2]}}");
        faults.Add("hil_serial_adder", Board, "vector_serial/hil_serial_adder.sv", "carry_from == 2'd2 ? carry_q", "carry_from == 2'd2 ? carry");
        faults.Add("hil_serial_adder", Board, "vector_serial/hil_serial_adder.sv", "sign_o != sum[15]", "sum[16] != sum[15]");

        // The mask's next word, the two sides of the instruction, a write that a condition holds back, an entry that is not by rows.
        faults.Add("hil_serial_store", Board, "vector_serial/hil_serial_store.sv", "KeyLsb] && key_q == '1", "KeyLsb] && key_q == 4'd14");
        faults.Add("hil_serial_store", Board, "vector_serial/hil_serial_store.sv", "if (start_i) side_q <= !side_q;", "if (start_i) side_q <= 1'b0;");
        faults.Add("hil_serial_store", Board, "vector_serial/hil_serial_store.sv", "(step_i[6] && condition_i)", "step_i[6]");
        faults.Add("hil_serial_store", Board, "vector_serial/hil_serial_store.sv", "(index_step == 3'd4 && !per_row_i)", "index_step == 3'd4");

        // A word that acts after a reset, the last iteration, the gate's steps, where a loop behind a count goes back to, flags that lie elsewhere in another instruction.
        faults.Add("hil_serial_control", Board, "vector_serial/hil_serial_control.sv", "assign step    = branch || rst_i ? '0", "assign step    = branch ? '0");
        faults.Add("hil_serial_control", Board, "vector_serial/hil_serial_control.sv", "loop && count_q != 13'd1", "loop && count_q != 13'd0");
        faults.Add("hil_serial_control", Board, "vector_serial/hil_serial_control.sv", "{gate_q[2:0], 1'b1}", "{gate_q[2], gate_q[1] | gate_q[0], gate_q[0], 1'b1}");
        faults.Add(
            "hil_serial_control", Board, "vector_serial/hil_serial_control.sv", "if (branch || step == {2'b00, hil_vector_code_pkg::MiscCount}) loop_q", "if (branch) loop_q");
        faults.Add("hil_serial_control", Board, "vector_serial/hil_serial_control.sv", "flags_q[7:5] : flags_q[5:3]", "flags_q[5:3] : flags_q[5:3]");
    }

    private static void AddUnits(TheoryData<string, string, string, string, string> faults)
    {
        // Lengths, what lies beyond the matrix, the index of a tile, the tail of a port instruction.
        faults.Add("hil_load", Board, "load/hil_load.sv", "each  = EachW'(8);", "each  = EachW'(16);");
        faults.Add("hil_load", Board, "load/hil_load_dynamic.sv", "DepthW'(step_q) < left", "DepthW'(step_q) <= left");
        faults.Add("hil_load", Board, "load/hil_load.sv", "16'(row_q) >> RowShift : s_tile", "16'(row_q) : s_tile");
        faults.Add("hil_load", Board, "port/hil_port_engine.sv", "final_q ? Tail1 : Request", "final_q ? Tail2 : Request");

        // The shift in the first tile only, the least period, the row's number from tile to tile.
        faults.Add("hil_compute", Board, "compute/hil_compute.sv", "replace_q && shift7_q", "shift7_q");
        faults.Add("hil_compute", Board, "compute/hil_strip.sv", "PeriodLeast = R + C + 2;", "PeriodLeast = R + C + 1;");
        faults.Add("hil_compute", Board, "compute/hil_compute.sv", "if (start_i || late_first) row_q <= '0;", "if (start_i) row_q <= '0;");

        // The queue's room, a word that is taken as it comes, the way to the next row, a reset while it reads ahead.
        faults.Add("hil_store", Large, "store/hil_store.sv", "held_q + 3'(got_q) < 3'd4", "held_q < 3'd4");
        faults.Add("hil_store", Large, "store/hil_store.sv", "held_q != '0 ? word_mem[read_q] : pad_rdata_i", "word_mem[read_q]");
        faults.Add("hil_store", Large, "store/hil_store.sv", "row_q  <= row_q + WordAddrW'(stride_q);", "row_q  <= row_q;");
        faults.Add("hil_store", Large, "store/hil_store.sv", "      reading_q <= 1'b0;\n      got_q", "      got_q");

        // The deadlock watch, the order of traps, who waits for whom, the end of a trapped segment.
        faults.Add("hil_control", Large, "core/hil_control.sv", "quiet_q <= active_i || deadlock ? '0", "quiet_q <= deadlock ? '0");
        faults.Add(
            "hil_control", Large, "core/hil_control.sv", "overflow_i ? hil_contract_pkg::TrapTokenOverflow\n            : dispatch_trap_i ? dispatch_reason_i",
            "dispatch_trap_i ? dispatch_reason_i\n            : overflow_i ? hil_contract_pkg::TrapTokenOverflow");
        faults.Add("hil_control", Large, "counters/hil_counters.sv", "(p<u?p : p+1)", "(p<=u?p : p+1)");
        faults.Add("hil_control", Large, "core/hil_control.sv", " && !fetch_burst_i", "");

        // Parts of a counter that are not of one time, or of what was not read; the address of the identity.
        faults.Add("hil_control", Large, "counters/hil_counters.sv", "if (read_i && part_i == '0) above_q", "if (read_i) above_q");
        faults.Add("hil_control", Large, "counters/hil_counters.sv", "if (read_i && part_i == '0) above_q", "if (part_i == '0) above_q");
        faults.Add("hil_counters_basic", Board, "counters/hil_counters_basic.sv", "{identity_i, select_i, part_i}", "{identity_i, 1'b0, select_i[2:0], part_i}");

        // A start while busy or with a reset, how long a reset lasts, a byte of a counter, the highest byte of none, a status that is not so.
        faults.Add("hil_registers", Board, "registers/hil_registers.sv", " && !wdata_i[Reset] && !busy;", " && !wdata_i[Reset];");
        faults.Add("hil_registers", Board, "registers/hil_registers.sv", "wdata_i[Start] && !wdata_i[Reset]", "wdata_i[Start]");
        faults.Add("hil_registers", Board, "registers/hil_registers.sv", "{reset_q[0], writes", "{1'b0, writes");
        faults.Add("hil_registers", Board, "registers/hil_registers.sv", "re_i && in_counters && addr_i[2:0] == '0;", "re_i && in_counters;");
        faults.Add("hil_registers", Board, "registers/hil_registers.sv", "(in_counters && !half[3])", "in_counters");
        faults.Add("hil_registers", Board, "registers/hil_registers.sv", "!counters_ready_i || !ready_i", "!ready_i");
        faults.Add("hil_system", Large, "registers/hil_registers_word.sv", "counter && !addr_q[2] ? 4'd8", "counter && !addr_q[2] ? 4'd4");
        faults.Add("hil_system", Board, "core/hil_core.sv", "    .ready_o            (counters_ready_o),", "    .ready_o            (),");
    }
}
