// The sequencer of COMPUTE: walks the tiles of a slot and the rows of each, and says what to read and what the sums are for.
//
//   Lead (R cycles) | tile 0 (max(M, R+C+2)) | tile 1 ... | last tile (M) | Drain (R+C+6)        or      Zero (M) | Drain (6)
//
// The last R cycles before a tile read its weights; the last of them reads its index.
// Duration: timing, section 6; last_o in the last cycle. Throughput: one row a cycle. Ordering: tiles, then rows, ascending.
module hil_strip (
  input  logic                                 clk_i,
  input  logic                                 rst_i,
  input  logic                                 start_i,
  input  logic [hil_machine_pkg::CountW-1:0]      rows_i,
  input  logic [hil_machine_pkg::CountW-1:0]      tiles_i,
  input  logic                                 slot_i,
  output logic                                 weight_re_o,
  output logic [hil_machine_pkg::WeightAddrW-1:0] weight_addr_o,
  output logic [hil_machine_pkg::Rows-1:0]        weight_row_o,
  output logic                                 tile_re_o,
  output logic [hil_machine_pkg::TileAddrW-1:0]   tile_addr_o,
  // A row of activations is due in this cycle; it is the first of its tile; its tile is the first of the strip; its number.
  output logic                                 row_o,
  output logic                                 row_first_o,
  output logic                                 tile_first_o,
  output logic [hil_machine_pkg::AccRowW-1:0]     row_index_o,
  // The row has no activations: its sum is zero.
  output logic                                 zero_o,
  output logic                                 last_o
);
  localparam int unsigned R = hil_machine_pkg::Rows;
  localparam int unsigned C = hil_machine_pkg::Columns;
  localparam int unsigned CountW = hil_machine_pkg::CountW;
  localparam int unsigned PeriodLeast = R + C + 2;
  localparam int unsigned DrainCycles = R + C + 6;
  localparam int unsigned ZeroDrainCycles = 6;

  typedef enum logic [2:0] {
    Idle,
    Lead,
    Stream,
    Zero,
    Drain
  } state_e;

  state_e            state_q, state_d;
  logic [CountW-1:0] left_q, rows_q, rows_left_q, period_q, tiles_q;
  logic              first_tile_q, first_row_q;
  logic              phase_last, more;

  logic [hil_machine_pkg::WeightAddrW-1:0] weight_addr_q;
  logic [hil_machine_pkg::TileAddrW-1:0]   tile_addr_q;
  logic [hil_machine_pkg::AccRowW-1:0]     row_q;

  // tiles_q counts the tiles that have not begun.
  assign phase_last = left_q == CountW'(1);
  assign more       = tiles_q != '0;

  always_comb begin
    state_d = state_q;
    unique case (state_q)
      Idle:    if (start_i) state_d = tiles_i == '0 ? Zero : Lead;
      Lead:    if (phase_last) state_d = Stream;
      Stream:  if (phase_last && !more) state_d = Drain;
      Zero:    if (phase_last) state_d = Drain;
      Drain:   if (phase_last) state_d = Idle;
      default: state_d = Idle;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) state_q <= Idle;
    else state_q <= state_d;
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      rows_q        <= rows_i;
      period_q      <= rows_i > CountW'(PeriodLeast) ? rows_i : CountW'(PeriodLeast);
      tiles_q       <= tiles_i;
      left_q        <= tiles_i == '0 ? rows_i : CountW'(R);
      rows_left_q   <= rows_i;
      row_q         <= '0;
      first_tile_q  <= 1'b1;
      first_row_q   <= 1'b1;
      weight_addr_q <= slot_i ? hil_machine_pkg::WeightAddrW'(hil_machine_pkg::WeightTiles * R) : '0;
      tile_addr_q   <= slot_i ? hil_machine_pkg::TileAddrW'(hil_machine_pkg::WeightTiles) : '0;
    end else begin
      left_q <= left_q - 1'b1;
      if (row_o) begin
        rows_left_q <= rows_left_q - 1'b1;
        row_q       <= row_q + 1'b1;
        first_row_q <= 1'b0;
      end
      if (weight_re_o) weight_addr_q <= weight_addr_q + 1'b1;
      if (tile_re_o) tile_addr_q <= tile_addr_q + 1'b1;
      if (phase_last) begin
        if ((state_q == Lead || state_q == Stream) && more) begin
          // The next tile begins; all but the last keep the period.
          tiles_q      <= tiles_q - 1'b1;
          left_q       <= tiles_q == CountW'(1) ? rows_q : period_q;
          rows_left_q  <= rows_q;
          row_q        <= '0;
          first_row_q  <= 1'b1;
          first_tile_q <= state_q == Lead;
        end else begin
          left_q <= state_q == Zero ? CountW'(ZeroDrainCycles) : CountW'(DrainCycles);
        end
      end
    end
  end

  assign weight_re_o   = (state_q == Lead || state_q == Stream) && more && left_q <= CountW'(R);
  assign weight_addr_o = weight_addr_q;
  assign tile_re_o     = weight_re_o && phase_last;
  assign tile_addr_o   = tile_addr_q;
  for (genvar r = 0; r < R; r++) begin : gen_row
    assign weight_row_o[r] = weight_re_o && left_q == CountW'(R - r);
  end

  assign zero_o       = state_q == Zero;
  assign row_o        = (state_q == Stream || zero_o) && rows_left_q != '0;
  assign row_first_o  = row_o && first_row_q;
  assign tile_first_o = first_tile_q;
  assign row_index_o  = row_q;
  assign last_o       = state_q == Drain && phase_last;
endmodule
