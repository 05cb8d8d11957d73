// LOAD_DYNAMIC: fills a weight slot from the scratchpad, by rows or by columns (numerics, section 3).
// Latency: a row is written two cycles after its read; by columns, a tile's rows after all its columns were read.
// Duration: ceil(kLength/R)*R + 3 by rows, ceil(kLength/R)*(C+R) + 3 by columns, last_o in the last cycle.
// Ordering: tiles and rows ascending. Beyond kLength and columns zero is written whatever was read.
module hil_load_dynamic (
  input  logic                                 clk_i,
  input  logic                                 rst_i,
  input  logic                                 start_i,
  input  logic                                 by_columns_i,
  input  logic [hil_machine_pkg::ByteAddrW-1:0]   addr_i,
  input  logic [hil_machine_pkg::CountW-1:0]      stride_i,
  input  logic [hil_machine_pkg::DepthW-1:0]      k_length_i,
  input  logic [hil_machine_pkg::ColumnCountW-1:0] columns_i,
  output logic                                 read_o,
  output logic [hil_machine_pkg::WordAddrW-1:0]   addr_o,
  input  logic [hil_machine_pkg::WordBits-1:0]    data_i,
  // The last column that came lies elsewhere: it is taken there, or shifted down by a byte.
  output logic                                 column_we_o,
  output logic [hil_machine_pkg::Rows*8-1:0]      column_o,
  output logic                                 column_shift_o,
  input  logic [hil_machine_pkg::Rows*8-1:0]      column_i,
  output logic                                 weight_we_o,
  output logic [hil_machine_pkg::Columns*8-1:0]   weight_o,
  // With the first row of a tile: its number is to be written as its index.
  output logic                                 tile_we_o,
  output logic                                 last_o
);
  localparam int unsigned R = hil_machine_pkg::Rows;
  localparam int unsigned C = hil_machine_pkg::Columns;
  localparam int unsigned CountW = hil_machine_pkg::CountW;
  localparam int unsigned DepthW = hil_machine_pkg::DepthW;
  localparam int unsigned ColumnCountW = hil_machine_pkg::ColumnCountW;
  // Byte addresses within the bank.
  localparam int unsigned ByteAddrW = hil_machine_pkg::WordAddrW + hil_machine_pkg::WordShift;
  localparam int unsigned WordShift = hil_machine_pkg::WordShift;
  localparam int unsigned StepW = $clog2(R + C + 1);
  localparam int unsigned RowShift = $clog2(R);

  typedef enum logic [2:0] {
    Idle,
    Read,
    Write,
    Tail1,
    Tail2,
    Tail3
  } state_e;

  state_e                  state_q, state_d;
  logic                    by_columns_q, fresh_q;
  logic [StepW-1:0]        step_q;
  logic [CountW-1:0]       stride_q;
  logic [DepthW-1:0]       left, left_low_q;
  logic [ColumnCountW-1:0] columns_q;
  logic [ByteAddrW-1:0]    addr, next_q, tile, tile_low_q;
  logic [ByteAddrW-RowShift-1:0] tile_high;
  logic [DepthW-RowShift-1:0] left_high;
  logic                    step_last, tile_last, tiles_last, in_matrix;

  // By rows a tile is R reads; by columns C reads and R cycles of writing.
  assign step_last  = step_q == (state_q == Read && by_columns_q ? StepW'(C - 1) : StepW'(R - 1));
  assign tile_last  = step_last && (state_q == Write || !by_columns_q);
  assign tiles_last = left <= DepthW'(R);
  assign in_matrix     = DepthW'(step_q) < left;

  always_comb begin
    state_d = state_q;
    unique case (state_q)
      Idle:    if (start_i) state_d = Read;
      Read:    if (step_last) state_d = by_columns_q ? Write : tiles_last ? Tail1 : Read;
      Write:   if (step_last) state_d = tiles_last ? Tail1 : Read;
      Tail1:   state_d = Tail2;
      Tail2:   state_d = Tail3;
      Tail3:   state_d = Idle;
      default: state_d = Idle;
    endcase
  end
  assign last_o = state_q == Tail3;

  always_ff @(posedge clk_i) begin
    if (rst_i) state_q <= Idle;
    else state_q <= state_d;
  end

  // What is left moves by R with each tile; so does where the next tile by columns begins, in the same rows. Rows follow one another whatever the tile.
  assign left = (DepthW'(left_high) << RowShift) | left_low_q;
  assign tile = (ByteAddrW'(tile_high) << RowShift) | tile_low_q;
  assign addr = fresh_q ? tile : next_q;
  logic moves;
  assign moves = state_q == Read || state_q == Write;
  hil_counter #(
    .Width(DepthW - RowShift),
    .Down (1'b1)
  ) u_left (
    .clk_i,
    .load_i (start_i),
    .value_i(k_length_i[DepthW-1:RowShift]),
    .step_i (moves && tile_last),
    .count_o(left_high)
  );
  hil_counter #(
    .Width(ByteAddrW - RowShift)
  ) u_tile (
    .clk_i,
    .load_i (start_i),
    .value_i(addr_i[ByteAddrW-1:RowShift]),
    .step_i (moves && fresh_q),
    .count_o(tile_high)
  );
  always_ff @(posedge clk_i) begin
    if (start_i) begin
      by_columns_q <= by_columns_i;
      fresh_q      <= 1'b1;
      step_q       <= '0;
      left_low_q   <= k_length_i & DepthW'(R - 1);
      stride_q     <= stride_i;
      columns_q    <= columns_i;
      tile_low_q   <= ByteAddrW'(addr_i) & ByteAddrW'(R - 1);
    end else if (moves) begin
      fresh_q <= step_last && state_q == Write;
      step_q  <= step_last ? '0 : step_q + 1'b1;
    end
    if (state_q == Read) next_q <= addr + (ByteAddrW'(stride_q) << WordShift);
  end

  // Rows of X beyond the matrix are not read.
  assign read_o = state_q == Read && (by_columns_q ? ColumnCountW'(step_q) < columns_q : in_matrix);
  assign addr_o = addr[ByteAddrW-1:WordShift];

  // One cycle later: the word is there, or a row that was gathered is written.
  logic                 got_row_q, got_column_q, valid_q, write_q, in_matrix_q, first_q;
  logic [WordShift-1:0] offset_q;
  always_ff @(posedge clk_i) begin
    got_row_q    <= state_q == Read && !by_columns_q && !rst_i;
    got_column_q <= state_q == Read && by_columns_q && !rst_i;
    write_q      <= state_q == Write && !rst_i;
    valid_q      <= read_o;
    in_matrix_q     <= in_matrix;
    first_q      <= step_q == '0;
    offset_q     <= addr[WordShift-1:0];
  end

  // A row is C bytes at a multiple of C, a column R bytes at a multiple of R.
  logic [C*8-1:0]       row, masked;
  logic [R*8-1:0]       column;
  localparam logic [WordShift-1:0] InRow = WordShift'(C - 1);
  localparam logic [WordShift-1:0] InColumn = WordShift'(R - 1);
  logic [WordShift-1:0] row_offset, column_offset;
  assign row_offset    = offset_q & ~InRow;
  assign column_offset = offset_q & ~InColumn;
  assign row           = (C*8)'(data_i >> {row_offset, 3'b0});
  assign column        = (R*8)'(data_i >> {column_offset, 3'b0});
  for (genvar c = 0; c < C; c++) begin : gen_mask
    assign masked[c*8+:8] = got_row_q && valid_q && ColumnCountW'(c) < columns_q ? row[c*8+:8] : '0;
  end

  // By columns: columns of the tile come in at the last one and move on, then its rows leave at their lowest bytes.
  logic [R*8-1:0] held[0:C-1];
  logic [C*8-1:0] transposed;
  assign column_we_o    = got_column_q;
  assign column_o       = valid_q ? column : '0;
  assign column_shift_o = write_q;
  for (genvar c = 0; c < C; c++) begin : gen_held
    if (c == C - 1) begin : gen_last
      assign held[c] = column_i;
    end else begin : gen_next
      logic [R*8-1:0] held_q;
      assign held[c] = held_q;
      always_ff @(posedge clk_i) begin
        if (got_column_q || write_q) held_q <= got_column_q ? held[c+1] : held_q >> 8;
      end
    end
    assign transposed[c*8+:8] = write_q && in_matrix_q ? held[c][7:0] : '0;
  end

  assign weight_we_o = got_row_q || write_q;
  assign weight_o    = transposed | masked;
  assign tile_we_o   = weight_we_o && first_q;

  // One bit more than an address within the bank.
  logic unused;
  assign unused = ^addr_i;
endmodule
