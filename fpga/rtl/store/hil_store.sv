// The Store unit's engine: STORE, scratchpad rows to main memory through the port.
// Words are read ahead into a queue of four from the cycle after start_i on. Latency and duration: timing, section 5.
// Throughput: one word a cycle. Ordering: by ascending address. mem_data_o is taken in cycles of take_i.
// A word just read may be taken at once, so a region's write latency may be zero. Not checked: ranges.
module hil_store (
  input  logic                               clk_i,
  input  logic                               rst_i,
  input  logic                               start_i,
  input  logic [127:0]                       word_i,
  output logic                               waiting_o,
  output logic                               last_o,
  output logic                               request_o,
  output logic [hil_machine_pkg::MainAddrW-1:0] addr_o,
  output logic [hil_machine_pkg::BurstW-1:0]    bytes_o,
  input  logic                               grant_i,
  input  logic                               burst_last_i,
  input  logic                               take_i,
  output logic                               valid_o,
  output logic [hil_machine_pkg::PortBits-1:0]  data_o,
  output logic                               pad_en_o,
  output logic [hil_machine_pkg::BankW-1:0]     pad_bank_o,
  output logic [hil_machine_pkg::WordAddrW-1:0] pad_addr_o,
  input  logic [hil_machine_pkg::WordBits-1:0]  pad_rdata_i
);
  localparam int unsigned CountW = hil_machine_pkg::CountW;
  localparam int unsigned LengthW = hil_machine_pkg::LengthW;
  localparam int unsigned WordAddrW = hil_machine_pkg::WordAddrW;
  localparam int unsigned WordBits = hil_machine_pkg::WordBits;
  localparam int unsigned WordShift = hil_machine_pkg::WordShift;
  localparam int unsigned Beats = hil_machine_pkg::WordBytes / hil_machine_pkg::PortBytes;
  localparam int unsigned BeatW = Beats > 1 ? $clog2(Beats) : 1;

  logic [hil_machine_pkg::MainAddrW-1:0] main;
  logic [hil_machine_pkg::BurstW-1:0]    most, behind;
  assign main = word_i[hil_contract_pkg::StoreMainLsb+:hil_machine_pkg::MainAddrW];
  hil_largest_burst u_most (
    .addr_i  (main),
    .most_o  (most),
    .behind_o(behind)
  );
  hil_port_engine u_port (
    .clk_i,
    .rst_i,
    .start_i,
    .addr_i (main),
    .most_i (most),
    .reach_i((LengthW'(word_i[hil_contract_pkg::StoreRowsLsb+:CountW])
             * LengthW'(word_i[hil_contract_pkg::StoreRowWordsLsb+:CountW]) << WordShift) + LengthW'(behind)),
    .request_o,
    .addr_o,
    .bytes_o,
    .grant_i,
    .burst_last_i,
    .waiting_o,
    .last_o
  );

  logic [hil_machine_pkg::BankW-1:0]     bank;
  logic [hil_machine_pkg::ByteAddrW-1:0] local_addr;
  hil_bank_of u_bank (
    .addr_i (word_i[hil_contract_pkg::StoreScratchLsb+:24]),
    .bank_o (bank),
    .local_o(local_addr)
  );

  // Reading ahead, row by row.
  logic                 reading_q, got_q;
  logic [WordAddrW-1:0] row_q, word_q;
  logic [CountW-1:0]    rows_q, row_words_q, left_q, stride_q;
  logic [2:0]           held_q;
  logic                 pop;

  // The queue, and the word on its way to it, must hold what is read.
  assign pad_en_o   = reading_q && held_q + 3'(got_q) < 3'd4;
  assign pad_addr_o = word_q;
  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      reading_q <= 1'b0;
      got_q     <= 1'b0;
    end else begin
      got_q <= pad_en_o;
      if (start_i) reading_q <= 1'b1;
      else if (pad_en_o && left_q == CountW'(1) && rows_q == CountW'(1)) reading_q <= 1'b0;
    end
  end
  always_ff @(posedge clk_i) begin
    if (start_i) begin
      pad_bank_o  <= bank;
      row_q       <= local_addr[WordAddrW+WordShift-1:WordShift];
      word_q      <= local_addr[WordAddrW+WordShift-1:WordShift];
      rows_q      <= word_i[hil_contract_pkg::StoreRowsLsb+:CountW];
      row_words_q <= word_i[hil_contract_pkg::StoreRowWordsLsb+:CountW];
      left_q      <= word_i[hil_contract_pkg::StoreRowWordsLsb+:CountW];
      stride_q    <= word_i[hil_contract_pkg::StoreStrideLsb+:CountW];
    end else if (pad_en_o) begin
      if (left_q == CountW'(1)) begin
        row_q  <= row_q + WordAddrW'(stride_q);
        word_q <= row_q + WordAddrW'(stride_q);
        left_q <= row_words_q;
        rows_q <= rows_q - 1'b1;
      end else begin
        word_q <= word_q + 1'b1;
        left_q <= left_q - 1'b1;
      end
    end
  end

  // The queue of words, taken a beat at a time.
  logic [WordBits-1:0] word_mem[0:3];
  logic [WordBits-1:0] head;
  logic [1:0]          write_q, read_q;
  logic [BeatW-1:0]    beat_q;
  assign valid_o = held_q != '0 || got_q;
  assign head    = held_q != '0 ? word_mem[read_q] : pad_rdata_i;
  assign pop     = take_i && beat_q == BeatW'(Beats - 1);
  assign data_o  = hil_machine_pkg::PortBits'(head >> (32'(beat_q) * hil_machine_pkg::PortBits));
  always_ff @(posedge clk_i) begin
    if (rst_i || start_i) begin
      held_q  <= '0;
      write_q <= '0;
      read_q  <= '0;
      beat_q  <= '0;
    end else begin
      held_q <= held_q + 3'(got_q) - 3'(pop);
      if (got_q) write_q <= write_q + 1'b1;
      if (pop) read_q <= read_q + 1'b1;
      if (take_i) beat_q <= beat_q == BeatW'(Beats - 1) ? '0 : beat_q + 1'b1;
    end
  end
  always_ff @(posedge clk_i) begin
    if (got_q) word_mem[write_q] <= pad_rdata_i;
  end

`ifdef HIL_ASSERT
  always_ff @(posedge clk_i) begin
    assert (rst_i || !take_i || valid_o)
    else $error("the memory takes a word that was not read yet");
  end
`endif

  // Fields of the unit's control, and address bits beyond the bank.
  logic unused;
  assign unused = ^{word_i, local_addr};
endmodule
