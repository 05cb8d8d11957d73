// hil_registers, on its bus of bytes or (Word) behind hil_registers_word, against docs/registers.md: accesses at random offsets, with a register and without, while
// segments come and go, counters count and the memory is not ready. Around it a core in plain numbers. Arguments: +seed=N, +accesses=N.
`timescale 1ns / 100ps
module tb_hil_registers #(
  parameter bit Word = 1'b0
);
  import hil_contract_pkg::*;
  import hil_machine_pkg::*;
  localparam int unsigned Identity = IdentityBytes;
  localparam int unsigned CounterNumbers = IdentitySelect;
  // Cycles of an access by words.
  localparam int unsigned WriteCycles = 4, ReadCycles = 5, CounterCycles = 9, HighCycles = 1;

  logic clk = 1'b0, rst = 1'b1, valid = 1'b0, write = 1'b0, word_valid;
  always #5 clk = !clk;
  logic [11:0] addr = '0, byte_addr, own_addr = '0;
  logic [31:0] wdata = '0, word;
  logic [7:0]  byte_wdata, own_wdata = '0, byte_rdata, others = '0;
  logic        byte_we, byte_re, own_we = 1'b0, own_re = 1'b0;
  logic        ready = 1'b0, core_rst, start, running = 1'b0, done = 1'b0, counters_ready = 1'b0, counter_read;
  logic [MainAddrW-1:0] entry;
  logic [IndexW-1:0]    count, trap_index = '0;
  logic [3:0]  trap_reason = '0;
  logic [5:0]  select;
  logic [1:0]  part;
  logic [15:0] counter_word = '0;

  if (Word) begin : gen_word
    hil_registers_word u_word (
      .clk_i(clk), .rst_i(rst), .valid_i(valid), .write_i(write), .addr_i(addr), .wdata_i(wdata), .valid_o(word_valid), .rdata_o(word),
      .addr_o(byte_addr), .wdata_o(byte_wdata), .we_o(byte_we), .re_o(byte_re), .rdata_i(byte_rdata)
    );
  end else begin : gen_byte
    assign byte_addr  = own_addr;
    assign byte_wdata = own_wdata;
    assign byte_we    = own_we;
    assign byte_re    = own_re;
    assign word_valid = 1'b0;
    assign word       = '0;
  end
  hil_registers u_dut (
    .clk_i(clk), .rst_i(rst), .addr_i(byte_addr), .wdata_i(byte_wdata), .we_i(byte_we), .re_i(byte_re), .others_i(others), .rdata_o(byte_rdata), .ready_i(ready),
    .core_rst_o(core_rst), .start_o(start), .entry_o(entry), .count_o(count), .running_i(running), .done_i(done), .trap_reason_i(trap_reason),
    .trap_index_i(trap_index), .counters_ready_i(counters_ready), .counter_read_o(counter_read), .counter_select_o(select), .counter_part_o(part),
    .counter_word_i(counter_word)
  );

  // The core: its identity, and counters of 56 bits, of which the part that is read first keeps the others.
  logic [7:0]  names[Identity];
  logic [55:0] counts[CounterNumbers];
  logic [47:0] above;
  always @(posedge clk) begin
    if (select < 6'(CounterNumbers)) counter_word <= part == '0 ? {8'($urandom), counts[select][7:0]} : above[16*(32'(part)-1)+:16];
    else counter_word <= {names[{select[3:0], part, 1'b1}], names[{select[3:0], part, 1'b0}]};
    if (counter_read && part == '0 && select < 6'(CounterNumbers)) above <= counts[select][55:8];
    for (int i = 0; i < CounterNumbers; i++) counts[i] <= counts[i] + 56'(i * 85);
  end

  // The model of what was written, and what is due.
  logic [31:0] entry_due, count_due;
  logic        knows_entry[4], knows_count[4], busy, start_due, start_next;
  int unsigned reset_left, reset_next, seed = 1, accesses = 40000, kind, starts, refused, resets, reads, of_counters, latency;
  logic [63:0] latched;
  int          latched_of;
  logic [31:0] due, expected_word;
  logic        knows;

  function automatic logic is_busy();
    return running || start_due || !counters_ready || !ready || rst || reset_left != 0;
  endfunction

  // What a byte reads as in this cycle; knows: whether the documents say it.
  function automatic logic [7:0] byte_due(input logic [11:0] at);
    int offset = 32'(at);
    knows = 1'b1;
    if (offset < Identity) return names[offset];
    if (offset >= 32'(RegCounterBase) && offset < 32'(RegCounterBase) + 8 * CounterNumbers) begin
      int n = (offset - 32'(RegCounterBase)) / 8;
      if (offset % 8 == 0) begin
        latched    = 64'(counts[n]);
        latched_of = n;
      end
      knows = latched_of == n;
      return latched[8*(offset%8)+:8];
    end
    if (offset == 32'(RegStatus)) return 8'(is_busy()) << RegStatusBusyLsb | 8'(done) << RegStatusDoneLsb | 8'(trap_reason != '0) << RegStatusTrappedLsb;
    if (offset == 32'(RegTrap)) return 8'(trap_reason);
    if (offset >= 32'(RegTrapIndex) && offset < 32'(RegTrapIndex) + 4) return 8'(32'(trap_index) >> 8 * (offset % 4));
    return '0;
  endfunction

  task automatic byte_written(input logic [11:0] at, input logic [7:0] value);
    if (at == RegControl) begin
      start_next = value[RegControlStartLsb] && !value[RegControlResetLsb] && !is_busy();
      if (value[RegControlStartLsb] && !start_next) refused++;
      if (value[RegControlResetLsb]) begin
        reset_next = 2;
        resets++;
      end
    end
    for (int b = 0; b < 4; b++) begin
      if (at == RegEntry + 12'(b)) begin
        entry_due[8*b+:8] = value;
        knows_entry[b] = 1'b1;
      end
      if (at == RegCount + 12'(b)) begin
        count_due[8*b+:8] = value;
        knows_count[b] = 1'b1;
      end
    end
  endtask

  function automatic logic differs(input logic [31:0] what, input logic [31:0] model, input logic knows_byte[4], input int unsigned width);
    differs = 1'b0;
    for (int unsigned i = 0; i < width; i++) if (knows_byte[i/8] && what[i] != model[i]) differs = 1'b1;
  endfunction

  // In the middle of a cycle: what the block drives. Then its end, and the model's.
  task automatic cycle();
    #4;
    if (start != start_due || core_rst != (rst || reset_left != 0)) $fatal(1, "start %b, reset %b", start, core_rst);
    if (differs(32'(entry), entry_due, knows_entry, MainAddrW) || differs(32'(count), count_due, knows_count, IndexW))
      $fatal(1, "entry %h, count %h, written were %h, %h", entry, count, entry_due, count_due);
    if (start) starts++;
    if (byte_we) byte_written(byte_addr, byte_wdata);
    @(negedge clk);
    reset_left = rst ? 0 : reset_next != 0 ? reset_next : reset_left != 0 ? reset_left - 1 : 0;
    reset_next = 0;
    start_due  = start_next && !rst;
    start_next = 1'b0;
  endtask

  task automatic change();
    rst            = $urandom % 300 == 0;
    ready          = $urandom % 12 != 0;
    running        = $urandom % 3 == 0;
    done           = 1'($urandom);
    counters_ready = $urandom % 6 != 0;
    trap_reason    = $urandom % 2 == 0 ? '0 : 4'($urandom);
    trap_index     = IndexW'($urandom);
  endtask

  function automatic logic [11:0] offset();
    case ($urandom % 8)
      0: return 12'($urandom);
      1: return RegControl;
      2: return RegStatus;
      3: return RegEntry + 12'($urandom % 8);
      4: return RegTrap + 12'($urandom % 8);
      5: return 12'($urandom % Identity);
      default: return RegCounterBase + 12'($urandom % (8 * CounterNumbers + 16));
    endcase
  endfunction

  task automatic access_byte();
    own_addr  = latched_of >= 0 && $urandom % 3 == 0 ? RegCounterBase + 12'(8 * latched_of + 1 + $urandom % 7) : offset();
    own_wdata = 8'($urandom);
    own_we    = $urandom % 3 == 0;
    own_re    = !own_we && $urandom % 8 != 0;
    #1;
    due = '0;
    if (own_re) due[7:0] = byte_due(own_addr);
    if (own_re && own_addr[11:9] == RegCounterBase[11:9]) of_counters++;
    // What stands on the bus is meant for others.
    others = own_re ? '0 : 8'($urandom);
    due[7:0] |= others;
    cycle();
    if (!own_re && byte_rdata != others) $fatal(1, "%h from others: %h", others, byte_rdata);
    if (own_re && knows) begin
      reads++;
      if (byte_rdata != due[7:0]) $fatal(1, "byte %h: %h, not %h", own_addr, byte_rdata, due[7:0]);
    end
    {own_we, own_re} = '0;
  endtask

  task automatic access_word();
    addr  = latched_of >= 0 && $urandom % 3 == 0 ? RegCounterBase + 12'(8 * latched_of + 4) : offset();
    wdata = $urandom;
    write = $urandom % 3 == 0;
    valid = 1'b1;
    cycle();
    valid = 1'b0;
    // Held by nobody.
    wdata   = $urandom;
    latency = 1;
    knows   = 1'b1;
    while (!word_valid) begin
      if (byte_re && byte_addr[11:2] == addr[11:2]) begin
        #1 expected_word[8*byte_addr[1:0]+:8] = byte_due(byte_addr);
      end
      cycle();
      latency++;
      if (latency > 20) $fatal(1, "offset %h: no answer", addr);
    end
    if (!write && addr[11:9] == RegCounterBase[11:9] && addr[2]) begin
      expected_word = latched[63:32];
      knows         = addr[11:3] == {RegCounterBase[11:9], 6'(latched_of)} && latched_of >= 0;
      if (latency != HighCycles) $fatal(1, "offset %h: %0d cycles", addr, latency);
    end else if (latency != (write ? WriteCycles : addr[11:9] == RegCounterBase[11:9] ? CounterCycles : ReadCycles))
      $fatal(1, "offset %h: %0d cycles", addr, latency);
    if (!write && addr[11:9] == RegCounterBase[11:9]) of_counters++;
    // The low word of what is no counter leaves no high word of another.
    if (!write && addr[11:9] == RegCounterBase[11:9] && !addr[2] && 32'(addr) >= 32'(RegCounterBase) + 8 * CounterNumbers) latched_of = -1;
    if (!write && knows) begin
      #1 if (word != expected_word) $fatal(1, "word %h: %h, not %h", addr, word, expected_word);
      reads++;
    end
    cycle();
  endtask

  initial begin
    void'($value$plusargs("seed=%d", seed));
    void'($value$plusargs("accesses=%d", accesses));
    void'($urandom(seed));
    for (int i = 0; i < Identity; i++) names[i] = 8'($urandom);
    for (int i = 0; i < CounterNumbers; i++) counts[i] = {24'($urandom), 32'($urandom)};
    latched_of = -1;
    {entry_due, count_due, start_due, start_next} = '0;
    {reset_left, reset_next} = '0;
    for (int b = 0; b < 4; b++) {knows_entry[b], knows_count[b]} = '0;
    @(negedge clk);
    for (int unsigned i = 0; i < accesses; i++) begin
      // A word's bytes are of one state of the core.
      if (!Word || $urandom % 2 == 0) change();
      if (Word) begin
        rst = 1'b0;
        access_word();
      end else access_byte();
    end
    if (starts == 0 || refused == 0 || resets == 0 || of_counters == 0) $fatal(1, "%0d starts, %0d refused, %0d resets, %0d of counters", starts, refused, resets, of_counters);
    $display("bench: %0d reads, %0d of counters, %0d starts, %0d refused, %0d resets", reads, of_counters, starts, refused, resets);
    $finish;
  end
endmodule
