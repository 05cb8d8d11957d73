// Reads the Vector unit's operands from the scratchpad and puts lane groups together from bytes, halves or two words.
// Latency: a group is given in the cycle after its last word's read, an old value in the cycle after that: a write may lie between, and a
// bank's word is there for one cycle then. Throughput: one group a slot.
// Ordering: that of the slots; ADD's operands in the order of hil_vector_decode. Old values of REQUANTIZE are read on demand (old_i).
// Not checked: alignment (form rules).
module hil_vector_read (
  input  logic                                  clk_i,
  input  logic                                  rst_i,
  input  logic                                  start_i,
  // Of the instruction that starts.
  input  logic [hil_machine_pkg::BankW-1:0]        read_bank_i,
  input  logic [hil_machine_pkg::ByteAddrW-1:0]    read_address_i,
  input  logic [hil_machine_pkg::CountW-1:0]       read_stride_i,
  input  logic                                  read_wide_i,
  // Of the one that executes. demand_i: reads old values alone (REQUANTIZE).
  input  logic                                  add_i,
  input  logic                                  parallel_i,
  input  logic                                  swap_i,
  input  logic                                  wide_i,
  input  logic                                  demand_i,
  input  logic [hil_machine_pkg::BankW-1:0]        extra_bank_i,
  input  logic [hil_machine_pkg::ByteAddrW-1:0]    extra_address_i,
  // The slots.
  input  logic                                  active_i,
  input  logic                                  first_pass_i,
  input  logic                                  slot_last_i,
  input  logic                                  row_last_i,
  input  logic [2:0]                            phase_i,
  input  logic                                  old_i,
  input  logic                                  old_last_i,
  // Read ports: 0 alone, or both operands of ADD at once.
  output logic [1:0]                            pad_en_o,
  output logic [2*hil_machine_pkg::BankW-1:0]      pad_bank_o,
  output logic [2*hil_machine_pkg::WordAddrW-1:0]  pad_addr_o,
  input  logic [2*hil_machine_pkg::WordBits-1:0]   pad_rdata_i,
  // A group, ADD's other operand if parallel; ADD's first of two, or what is worked with.
  output logic [hil_machine_pkg::Lanes*16-1:0]     group_o,
  output logic [hil_machine_pkg::Lanes*16-1:0]     other_o,
  output logic                                  early_o,
  output logic                                  ready_o
);
  localparam int unsigned L = hil_machine_pkg::Lanes;
  localparam int unsigned WordShift = hil_machine_pkg::WordShift;
  localparam int unsigned WordBits = hil_machine_pkg::WordBits;
  localparam int unsigned WordAddrW = hil_machine_pkg::WordAddrW;
  localparam int unsigned BankW = hil_machine_pkg::BankW;
  localparam int unsigned ByteAddrW = hil_machine_pkg::ByteAddrW;
  localparam bit TwoWords = 2 * L > hil_machine_pkg::WordBytes;

  logic                 old_high_q, old_high_last_q;
  logic                 two, want, high, second, from_extra, done, early;
  logic [2:0]           words;
  logic [BankW-1:0]     bank_q;
  logic [ByteAddrW-1:0] address, chosen;

  // Which word: the second of two, the second operand of two.
  assign two        = TwoWords && wide_i;
  assign words      = two ? 3'd2 : 3'd1;
  assign second     = add_i && !parallel_i && phase_i >= words;
  assign want       = demand_i ? old_i || old_high_q : active_i && phase_i < (add_i && !parallel_i ? words << 1 : words);
  assign high       = demand_i ? old_high_q : two && phase_i[0];
  assign from_extra = add_i && !parallel_i && (second ^ swap_i);
  assign done       = want && (high || !two) && (second || !add_i || parallel_i);
  assign early      = want && (high || !two) && !done;

  hil_vector_walk u_walk (
    .clk_i,
    .start_i,
    .address_i(read_address_i),
    .stride_i (read_stride_i),
    .wide_i   (read_wide_i),
    .step_i   (demand_i ? (two ? old_high_q : old_i) : slot_last_i),
    .row_end_i(demand_i ? (two ? old_high_last_q : old_last_i) : row_last_i),
    .again_i  (first_pass_i),
    .address_o(address)
  );

  always_ff @(posedge clk_i) begin
    if (start_i) bank_q <= read_bank_i;
    if (rst_i) begin
      old_high_q <= 1'b0;
      ready_o    <= 1'b0;
      early_o    <= 1'b0;
    end else begin
      old_high_q <= two && old_i && demand_i;
      ready_o    <= done && !demand_i;
      early_o    <= early;
    end
    old_high_last_q <= old_last_i;
  end

  assign chosen                   = from_extra ? extra_address_i : address;
  assign pad_en_o[0]              = want;
  assign pad_bank_o[BankW-1:0]    = from_extra ? extra_bank_i : bank_q;
  assign pad_addr_o[WordAddrW-1:0] = WordAddrW'(chosen >> WordShift) + WordAddrW'(high);
  assign pad_en_o[1]              = add_i && parallel_i && want;
  assign pad_bank_o[BankW+:BankW] = extra_bank_i;
  assign pad_addr_o[WordAddrW+:WordAddrW] = WordAddrW'(extra_address_i >> WordShift) + WordAddrW'(high);

  // The word that came in the cycle before, and where in it the group lies.
  logic [WordBits-1:0]  word;
  logic [WordShift-1:0] byte_q;
  logic                 low_q;
  assign word = pad_rdata_i[WordBits-1:0];
  always_ff @(posedge clk_i) begin
    if (want) byte_q <= chosen[WordShift-1:0];
    low_q <= want && two && !high;
  end

  if (TwoWords) begin : gen_two
    // A lane group of int8 is a word, one of int16 two.
    logic [WordBits-1:0] held_q, other_q;
    always_ff @(posedge clk_i) begin
      if (low_q) begin
        held_q  <= word;
        other_q <= pad_rdata_i[WordBits+:WordBits];
      end
    end
    for (genvar l = 0; l < L; l++) begin : gen_lane
      assign group_o[l*16+:16] = !wide_i ? 16'(signed'(word[l*8+:8]))
          : l < L / 2 ? held_q[(l*16)%WordBits+:16] : word[(l*16)%WordBits+:16];
      assign other_o[l*16+:16] = l < L / 2 ? other_q[(l*16)%WordBits+:16] : pad_rdata_i[WordBits+(l*16)%WordBits+:16];
    end
    logic unused;
    assign unused = ^byte_q;
  end else begin : gen_one
    logic [L*16-1:0] bytes, group, old_q;
    assign bytes = (L * 16)'(word >> {byte_q, 3'b0});
    for (genvar l = 0; l < L; l++) begin : gen_lane
      assign group[l*16+:16] = wide_i ? bytes[l*16+:16] : 16'(signed'(bytes[l*8+:8]));
    end
    always_ff @(posedge clk_i) old_q <= group;
    assign group_o = demand_i ? old_q : group;
    logic [WordShift-1:0] byte_other_q;
    always_ff @(posedge clk_i) if (want) byte_other_q <= extra_address_i[WordShift-1:0];
    assign other_o = (L * 16)'(pad_rdata_i[WordBits+:WordBits] >> {byte_other_q, 3'b0});
    logic unused;
    assign unused = low_q;
  end
endmodule
