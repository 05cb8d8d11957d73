// The Vector unit's lanes, with what they share: a row's statistics (LAYER_NORM) and its exponentials and sum (SOFTMAX).
// Latency: hil_vector_control has the stages. Throughput: one lane group a cycle. Ordering: kept. Overflow: as said in the parts.
module hil_vector_math (
  input  logic                                    clk_i,
  input  logic                                    rst_i,
  input  logic                                    start_i,
  // Of the instruction that starts.
  input  logic [2:0]                              kind_i,
  input  logic [127:0]                            word_i,
  input  logic                                    swap_i,
  input  logic                                    parallel_i,
  // Operands.
  input  logic                                    row_start_i,
  input  logic                                    norm_start_i,
  input  logic                                    early_i,
  input  logic                                    ready_i,
  input  logic                                    ready_first_i,
  input  logic [hil_machine_pkg::Lanes-1:0]          ready_lanes_i,
  input  logic [hil_machine_pkg::CountW-1:0]         ready_column_i,
  input  logic [hil_machine_pkg::Lanes*16-1:0]       group_i,
  input  logic [hil_machine_pkg::Lanes*16-1:0]       other_i,
  input  logic [hil_machine_pkg::Lanes*32-1:0]       accumulators_i,
  input  logic [hil_machine_pkg::Lanes*64-1:0]       entries_i,
  input  logic                                    entry_first_i,
  input  logic                                    entry_second_i,
  input  logic [hil_machine_pkg::RowScaleBits-1:0]   scale_i,
  // Stages.
  input  logic                                    add_exponentials_i,
  input  logic                                    row_last_i,
  input  logic                                    square_i,
  input  logic                                    gain_i,
  input  logic                                    round_wide_i,
  // Results: scaled, in stage 4; gained, in the cycle after the gain.
  output logic [hil_machine_pkg::Lanes*8-1:0]        index_o,
  output logic [hil_machine_pkg::Lanes*8-1:0]        narrow_o,
  output logic [hil_machine_pkg::Lanes*16-1:0]       wide_o,
  output logic [hil_machine_pkg::Lanes*8-1:0]        gained_narrow_o,
  output logic [hil_machine_pkg::Lanes*16-1:0]       gained_wide_o,
  // Row scales written.
  output logic                                    scale_we_o,
  output logic [hil_machine_pkg::RowScaleW-1:0]      scale_waddr_o,
  output logic [hil_machine_pkg::RowScaleBits-1:0]   scale_o
);
  localparam int unsigned L = hil_machine_pkg::Lanes;
  localparam int unsigned CountW = hil_machine_pkg::CountW;

  logic       norm_q, softmax_q, map_q, add_q, per_row_q, rms_q, swap_q, parallel_q;
  logic [5:0] shift_q;
  always_ff @(posedge clk_i) begin
    if (start_i) begin
      norm_q     <= kind_i == hil_contract_pkg::OpLayerNorm[2:0];
      softmax_q  <= kind_i == hil_contract_pkg::OpSoftmax[2:0];
      map_q      <= kind_i == hil_contract_pkg::OpMap[2:0];
      add_q      <= kind_i == hil_contract_pkg::OpAdd[2:0];
      per_row_q  <= word_i[hil_contract_pkg::RequantizePerRowLsb];
      rms_q      <= word_i[hil_contract_pkg::LayerNormRmsLsb];
      shift_q    <= word_i[hil_contract_pkg::RequantizeShiftLsb+:6];
      swap_q     <= swap_i;
      parallel_q <= parallel_i;
    end
  end

  // Lane 0's entry is the one of MAP, ADD, SOFTMAX and LAYER_NORM's header. A shift of 63 or more leaves nothing.
  logic [63:0] entry;
  logic [5:0]  shift, extra, narrow_shift_q, wide_shift_q;
  logic [15:0] factor_q;
  logic        header;
  assign entry = entries_i[63:0];
  assign shift = entry[55:54] != '0 ? 6'd63 : entry[53:48];
  assign extra = entry[63:62] != '0 ? 6'd63 : entry[61:56];
  always_ff @(posedge clk_i) begin
    // N, C, or the multiplier of the operand that comes first.
    if (start_i) factor_q <= 16'(word_i[hil_contract_pkg::LayerNormColumnsLsb+:hil_contract_pkg::LayerNormColumnsWidth]);
    else if (entry_first_i && (add_q || softmax_q)) factor_q <= entry[47:32];
    if (header) narrow_shift_q <= shift;
    if (header) wide_shift_q <= extra;
    else if (add_q && (swap_q ? entry_second_i : entry_first_i)) wide_shift_q <= shift;
  end

  // Few normCycles take a second lane's multiplier.
  localparam int unsigned NormLanes = hil_machine_pkg::NormCycles < 37 ? 2 : 1;
  logic                    norm_busy;
  logic [NormLanes*32-1:0] norm_acc, norm_bias;
  logic [NormLanes*16-1:0] norm_multiplier;
  logic [31:0]             norm_offset;
  logic [15:0]             root;
  logic [5:0]              norm_shift;
  logic [L*48-1:0]         products;
  logic [L*41-1:0]         squares;
  hil_layer_norm #(
    .Multipliers(NormLanes)
  ) u_layer_norm (
    .clk_i,
    .rst_i,
    .clear_i     (row_start_i),
    .rms_i       (rms_q),
    .add_i       (ready_first_i),
    .lanes_i     (ready_lanes_i),
    .group_i,
    .begin_i     (norm_start_i),
    .squares_i   (squares),
    .count_i     (factor_q),
    .epsilon_i   (entry[31:0]),
    .header_o    (header),
    .busy_o      (norm_busy),
    .acc_o       (norm_acc),
    .bias_o      (norm_bias),
    .multiplier_o(norm_multiplier),
    .product_i   (products[NormLanes*48-1:0]),
    .offset_o    (norm_offset),
    .root_o      (root),
    .shift_o     (norm_shift)
  );

  logic [L*15-1:0] power;
  logic [L*6-1:0]  power_shift;
  hil_softmax u_softmax (
    .clk_i,
    .rst_i,
    .start_i,
    .length0_i     (word_i[hil_contract_pkg::SoftmaxLength0Lsb+:CountW]),
    .causal_i      (word_i[hil_contract_pkg::SoftmaxCausalLsb]),
    .masked_i      (word_i[hil_contract_pkg::SoftmaxMaskedLsb]),
    .row_scale_i   (word_i[hil_contract_pkg::SoftmaxRowScaleLsb+:CountW]),
    .clear_i       (row_start_i),
    .first_i       (ready_first_i),
    .group_i,
    .lanes_i       (ready_lanes_i),
    .column_i      (ready_column_i),
    .entries_i,
    .power_o       (power),
    .shift_o       (power_shift),
    .add_i         (add_exponentials_i && softmax_q),
    .last_i        (row_last_i),
    .exponentials_i(narrow_o),
    .factor_i      (factor_q),
    .write_o       (scale_we_o),
    .row_o         (scale_waddr_o),
    .scale_o
  );

  // Shift of the group that enters the lanes, for stage 3; LAYER_NORM's stays for a row.
  logic [6:0] row_shift;
  logic [5:0] entering_shift;
  assign row_shift      = 7'(shift_q) + 7'(scale_i[21:16]);
  assign entering_shift = map_q ? shift : !per_row_q ? shift_q : row_shift[6] || scale_i[23:22] != '0 ? 6'd63 : row_shift[5:0];

  for (genvar l = 0; l < L; l++) begin : gen_lane
    localparam int unsigned NormLane = l < NormLanes ? l : 0;
    logic [47:0] own;
    logic [31:0] acc, bias, scaled;
    logic [15:0] multiplier, x;
    logic [5:0]  delayed;
    assign own = map_q || add_q ? entry[47:0] : entries_i[l*64+:48];
    assign x   = group_i[l*16+:16];

    always_comb begin
      if (l < NormLanes && norm_busy) begin
        acc        = norm_acc[NormLane*32+:32];
        bias       = norm_bias[NormLane*32+:32];
        multiplier = norm_multiplier[NormLane*16+:16];
      end else if (norm_q) begin
        acc        = scaled;
        bias       = norm_offset;
        multiplier = root;
      end else if (softmax_q) begin
        acc        = {17'b0, power[l*15+:15]};
        bias       = '0;
        multiplier = 16'd1;
      end else begin
        acc        = map_q ? 32'(signed'(x)) : accumulators_i[l*32+:32];
        bias       = per_row_q && !map_q ? '0 : own[31:0];
        multiplier = per_row_q && !map_q ? scale_i[15:0] : own[47:32];
      end
    end

    hil_delay #(
      .Width (6),
      .Cycles(3)
    ) u_shift (
      .clk_i,
      .rst_i,
      .data_i(softmax_q ? power_shift[l*6+:6] : entering_shift),
      .data_o(delayed)
    );

    hil_vector_lane u_lane (
      .clk_i,
      .acc_i          (acc),
      .bias_i         (bias),
      .multiplier_i   (multiplier),
      .shift_i        (norm_q ? norm_shift : delayed),
      .product_o      (products[l*48+:48]),
      .index_o        (index_o[l*8+:8]),
      .narrow_o       (narrow_o[l*8+:8]),
      .wide_o         (wide_o[l*16+:16]),
      .x_i            (x),
      .factor_i       (factor_q),
      .hold_i         (add_q && !(parallel_q ? ready_i : early_i)),
      .scaled_o       (scaled),
      .other_i        (add_q && parallel_q ? other_i[l*16+:16] : x),
      .clear_i        (row_start_i),
      .square_i       (square_i && norm_q),
      .gain_en_i      (gain_i || (square_i && lanes_1_q[l])),
      .normed_i       (norm_q && !square_i),
      .gain_i         (own[47:32]),
      .offset_i       (own[31:0]),
      .squares_o      (squares[l*41+:41]),
      .narrow_shift_i (narrow_shift_q),
      .wide_shift_i   (round_wide_i ? wide_shift_q : narrow_shift_q),
      .gained_narrow_o(gained_narrow_o[l*8+:8]),
      .gained_wide_o  (gained_wide_o[l*16+:16])
    );
  end

  // Squares are of the operand of the cycle before.
  logic [L-1:0] lanes_1_q;
  always_ff @(posedge clk_i) lanes_1_q <= ready_lanes_i;

  logic unused;
  assign unused = ^{word_i, row_shift, scale_i, entries_i, products};
endmodule
