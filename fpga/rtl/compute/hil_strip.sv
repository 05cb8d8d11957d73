// The sequencer of COMPUTE: walks the tiles of a slot and the rows of each, and says what to read.
//
//   Lead (R cycles) | tile 0 (max(M, R+C+2)) | tile 1 ... | last tile (M) | Drain (R+C+6)        or      Zero (M) | Drain (6)
//
// The last cycle before a tile reads its index; its weights are read row by row in the R cycles after its first row.
// Duration: timing, section 6; last_o in the last cycle. Throughput: one row a cycle. Ordering: tiles, then rows, ascending.
module hil_strip (
  input  logic                                   clk_i,
  input  logic                                   rst_i,
  input  logic                                   start_i,
  input  logic [hil_machine_pkg::RowCountW-1:0]  rows_i,
  input  logic [hil_machine_pkg::TileCountW-1:0] tiles_i,
  input  logic                                   slot_i,
  output logic                                   weight_re_o,
  output logic [hil_machine_pkg::WeightAddrW-1:0] weight_addr_o,
  // Row r of the weights is there in this cycle: one bit a row.
  output logic [hil_machine_pkg::Rows-1:0]       weight_row_o,
  output logic                                   tile_re_o,
  output logic [hil_machine_pkg::TileAddrW-1:0]  tile_addr_o,
  // A row of activations is due in this cycle; it is the first of its tile.
  output logic                                   row_o,
  output logic                                   row_first_o,
  // The row has no activations: its sum is zero.
  output logic                                   zero_o,
  output logic                                   last_o
);
  localparam int unsigned R = hil_machine_pkg::Rows;
  localparam int unsigned C = hil_machine_pkg::Columns;
  localparam int unsigned PeriodLeast = R + C + 2;
  localparam int unsigned DrainCycles = R + C + 6;
  localparam int unsigned ZeroDrainCycles = 6;
  localparam int unsigned Longest = hil_machine_pkg::AccumulatorRows > DrainCycles ? hil_machine_pkg::AccumulatorRows : DrainCycles;
  localparam int unsigned StepW = $clog2(Longest + 1);

  typedef enum logic [2:0] {
    Idle,
    Lead,
    Stream,
    Zero,
    Drain
  } state_e;

  state_e                                 state_q, state_d;
  logic [StepW-1:0]                       step_q;
  logic [StepW-1:0]                       row_last_q;
  logic [hil_machine_pkg::TileCountW-1:0] tiles;
  logic [hil_machine_pkg::WeightAddrW-1:0] weight_addr_q;
  logic [R:0]                             chain_q;
  logic                                   past_q, short_q, more, row_last, rows_done, drain_last, phase_last;

  hil_counter #(
    .Width(hil_machine_pkg::TileCountW),
    .Down (1'b1)
  ) u_tiles (
    .clk_i,
    .load_i (start_i),
    .value_i(tiles_i),
    .step_i (tile_re_o),
    .count_o(tiles)
  );

  // step_q counts the cycles of a phase from 0; past_q says that its rows have all been. tiles are those that have not begun.
  assign row_last  = step_q == row_last_q;
  assign rows_done = past_q || row_last;
  assign more      = tiles != '0;
  assign drain_last = step_q == (short_q ? StepW'(ZeroDrainCycles - 1) : StepW'(DrainCycles - 1));

  always_comb begin
    state_d    = state_q;
    phase_last = 1'b0;
    unique case (state_q)
      Idle: begin
        phase_last = 1'b1;
        if (start_i) state_d = tiles_i == '0 ? Zero : Lead;
      end
      Lead: begin
        phase_last = step_q == StepW'(R - 1);
        if (phase_last) state_d = Stream;
      end
      Stream: begin
        // All tiles but the last keep the period.
        phase_last = rows_done && (!more || step_q >= StepW'(PeriodLeast - 1));
        if (phase_last && !more) state_d = Drain;
      end
      Zero: begin
        phase_last = row_last;
        if (phase_last) state_d = Drain;
      end
      default: begin
        phase_last = drain_last;
        if (phase_last) state_d = Idle;
      end
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      state_q <= Idle;
      chain_q <= '0;
    end else begin
      state_q <= state_d;
      chain_q <= {chain_q[R-1:0], row_first_o && !zero_o};
    end
  end

  always_ff @(posedge clk_i) begin
    step_q <= phase_last ? '0 : step_q + 1'b1;
    past_q <= !phase_last && rows_done;
    if (start_i) begin
      row_last_q    <= StepW'(rows_i) - 1'b1;
      short_q       <= tiles_i == '0;
      weight_addr_q <= slot_i ? hil_machine_pkg::WeightAddrW'(hil_machine_pkg::WeightTiles * R) : '0;
    end else if (weight_re_o) weight_addr_q <= weight_addr_q + 1'b1;
  end

  // R + 1 cycles behind the first row of a tile its weights have all gone by, before the next tile's index is read.
  assign weight_re_o   = chain_q[R-1:0] != '0;
  assign weight_addr_o = weight_addr_q;
  assign weight_row_o  = chain_q[R:1];
  assign tile_re_o     = (state_q == Lead || state_q == Stream) && phase_last && more;
  assign tile_addr_o   = hil_machine_pkg::TileAddrW'(weight_addr_q >> $clog2(R));

  assign zero_o      = state_q == Zero;
  assign row_o       = (state_q == Stream || zero_o) && !past_q;
  assign row_first_o = row_o && step_q == '0;
  assign last_o      = state_q == Drain && drain_last;
endmodule
