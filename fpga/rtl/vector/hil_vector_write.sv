// Writes a lane group's results: the output proper, and LAYER_NORM's int8 output beside it. Each word is written in its cycle of the slot
// (phase), the first time that it comes round once the group is there.
// Latency: a group given in cycle c is written in c+1 ... c+P, P the cycles of a slot. Throughput: one group a slot. Ordering: kept.
// Not checked: alignment (form rules).
module hil_vector_write (
  input  logic                                    clk_i,
  input  logic                                    rst_i,
  input  logic                                    start_i,
  // Of the instruction that starts.
  input  logic [hil_machine_pkg::BankW-1:0]          bank_i,
  input  logic [hil_machine_pkg::ByteAddrW-1:0]      address_i,
  input  logic [hil_machine_pkg::CountW-1:0]         stride_i,
  input  logic                                    wide_i,
  // Of the one that executes.
  input  logic                                    wide_q_i,
  input  logic                                    extra_i,
  input  logic [2:0]                              write_phase_i,
  input  logic [2:0]                              extra_phase_i,
  input  logic [hil_machine_pkg::BankW-1:0]          extra_bank_i,
  input  logic [hil_machine_pkg::ByteAddrW-1:0]      extra_address_i,
  output logic                                    extra_step_o,
  output logic                                    extra_last_o,
  // Lanes of a row's last group.
  input  logic [hil_machine_pkg::Lanes-1:0]          tail_i,
  input  logic [2:0]                              phase_i,
  // A group: its int8 and its int16 results come in cycles of their own.
  input  logic                                    load_narrow_i,
  input  logic                                    load_wide_i,
  input  logic                                    last_narrow_i,
  input  logic                                    last_wide_i,
  input  logic [hil_machine_pkg::Lanes*8-1:0]        narrow_i,
  input  logic [hil_machine_pkg::Lanes*16-1:0]       wide_data_i,
  // Write ports: 0 alone, or 1 for the int8 output beside an int16 one.
  output logic [1:0]                              pad_en_o,
  output logic [2*hil_machine_pkg::BankW-1:0]        pad_bank_o,
  output logic [2*hil_machine_pkg::WordAddrW-1:0]    pad_addr_o,
  output logic [2*hil_machine_pkg::WordBytes-1:0]    pad_be_o,
  output logic [2*hil_machine_pkg::WordBits-1:0]     pad_wdata_o
);
  localparam int unsigned L = hil_machine_pkg::Lanes;
  localparam int unsigned W = hil_machine_pkg::WordBytes;
  localparam int unsigned WordShift = hil_machine_pkg::WordShift;
  localparam int unsigned WordAddrW = hil_machine_pkg::WordAddrW;
  localparam int unsigned ByteAddrW = hil_machine_pkg::ByteAddrW;
  localparam int unsigned BankW = hil_machine_pkg::BankW;
  localparam bit TwoWords = 2 * L > W;
  localparam bit TwoPorts = hil_machine_pkg::VectorPorts > 2;

  logic [hil_machine_pkg::BankW-1:0] bank_q;
  logic [ByteAddrW-1:0]           address;
  logic [L*8-1:0]                 narrow_q;
  logic [L*16-1:0]                wide_q;
  logic                           last_narrow_q, last_wide_q, last;
  logic                           low_q, high_q, extra_q;
  logic                           low, high, extra;

  // What waits to be written: the first word, the second, the int8 output beside.
  assign low   = low_q && phase_i == write_phase_i;
  assign high  = TwoWords && high_q && phase_i == write_phase_i + 3'd1;
  assign extra = extra_q && phase_i == extra_phase_i;
  assign last  = wide_q_i ? last_wide_q : last_narrow_q;
  always_ff @(posedge clk_i) begin
    if (start_i) bank_q <= bank_i;
    if (load_narrow_i) begin
      narrow_q      <= narrow_i;
      last_narrow_q <= last_narrow_i;
    end
    if (load_wide_i) begin
      wide_q      <= wide_data_i;
      last_wide_q <= last_wide_i;
    end
    if (rst_i) begin
      low_q   <= 1'b0;
      high_q  <= 1'b0;
      extra_q <= 1'b0;
    end else begin
      if (wide_q_i ? load_wide_i : load_narrow_i) low_q <= 1'b1;
      else if (low) low_q <= 1'b0;
      if (load_wide_i && TwoWords && wide_q_i) high_q <= 1'b1;
      else if (high) high_q <= 1'b0;
      if (load_narrow_i && extra_i) extra_q <= 1'b1;
      else if (extra) extra_q <= 1'b0;
    end
  end

  hil_vector_walk u_walk (
    .clk_i,
    .start_i,
    .address_i,
    .stride_i,
    .wide_i,
    .step_i   ((low && !(high_q && !high)) || (high && !(low_q && !low))),
    .row_end_i(last),
    .again_i  (1'b0),
    .address_o(address)
  );
  assign extra_step_o = extra;
  assign extra_last_o = last_narrow_q;

  // Values repeated over the word; the byte enables choose their place.
  logic [W*8-1:0]       narrow_word, low_word, high_word;
  logic [W-1:0]         high_be;
  logic [L-1:0]         lanes, narrow_lanes;
  logic [2*L-1:0]       wide_lanes;
  logic [WordShift-1:0] offset;
  assign narrow_word  = {(W / L) {narrow_q}};
  assign narrow_lanes = last_narrow_q ? tail_i : '1;
  assign lanes        = last_wide_q ? tail_i : '1;
  assign offset       = address[WordShift-1:0];
  for (genvar l = 0; l < L; l++) begin : gen_lane
    assign wide_lanes[l*2+:2] = {2{lanes[l]}};
  end
  if (TwoWords) begin : gen_two
    assign low_word  = wide_q[W*8-1:0];
    assign high_word = wide_q[L*16-1-:W*8];
    assign high_be   = wide_lanes[2*L-1-:W];
  end else begin : gen_one
    assign low_word  = {(W / (2 * L)) {wide_q}};
    assign high_word = '0;
    assign high_be   = '0;
  end

  logic [W-1:0] wide_be, narrow_be, extra_be;
  assign wide_be   = high ? high_be : W'(wide_lanes) << offset;
  assign narrow_be = W'(narrow_lanes) << offset;
  assign extra_be  = W'(narrow_lanes) << extra_address_i[WordShift-1:0];

  logic on_main;
  assign on_main = extra && !TwoPorts;
  assign pad_en_o[0]               = low || high || on_main;
  assign pad_bank_o[BankW-1:0]     = on_main ? extra_bank_i : bank_q;
  assign pad_addr_o[WordAddrW-1:0] = on_main ? WordAddrW'(extra_address_i >> WordShift)
      : WordAddrW'(address >> WordShift) + WordAddrW'(high);
  assign pad_be_o[W-1:0]           = on_main ? extra_be : wide_q_i ? wide_be : narrow_be;
  assign pad_wdata_o[W*8-1:0]      = on_main || !wide_q_i ? narrow_word : high ? high_word : low_word;

  assign pad_en_o[1]                        = extra && TwoPorts;
  assign pad_bank_o[BankW+:BankW]           = extra_bank_i;
  assign pad_addr_o[WordAddrW+:WordAddrW]   = WordAddrW'(extra_address_i >> WordShift);
  assign pad_be_o[W+:W]                     = extra_be;
  assign pad_wdata_o[W*8+:W*8]              = narrow_word;

`ifdef HIL_ASSERT
  always_ff @(posedge clk_i) begin
    assert (rst_i || TwoPorts || !(extra && (low || high)))
    else $error("two outputs are written in one cycle");
    assert (rst_i || !((wide_q_i ? load_wide_i : load_narrow_i) && ((low_q && !low) || (high_q && !high))))
    else $error("a group comes before the one before it is written");
  end
`endif
endmodule
