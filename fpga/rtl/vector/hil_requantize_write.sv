// The far end of REQUANTIZE: reads old values where asked, and writes a group's bytes within its word or two words.
// group_i, address_i and lanes_i are of the group that enters (cycle x); narrow_i and wide_i are its values in x+7.
// Latency: written in x+8, a second word in x+9; old values read in x+5, or in x+2 and x+3 if two words.
// Ordering: kept. Not checked: alignment to a lane group (form rule).
module hil_requantize_write (
  input  logic                               clk_i,
  input  logic                               rst_i,
  input  logic                               group_i,
  input  logic [hil_machine_pkg::ByteAddrW-1:0] address_i,
  input  logic [hil_machine_pkg::Lanes-1:0]     lanes_i,
  input  logic                               wide_q_i,
  input  logic                               accumulate_i,
  input  logic [hil_machine_pkg::Lanes*8-1:0]   narrow_i,
  input  logic [hil_machine_pkg::Lanes*16-1:0]  wide_i,
  output logic                               pad_en_o,
  output logic                               pad_we_o,
  output logic [hil_machine_pkg::WordAddrW-1:0] pad_addr_o,
  output logic [hil_machine_pkg::WordBytes-1:0] pad_be_o,
  output logic [hil_machine_pkg::WordBits-1:0]  pad_wdata_o,
  input  logic [hil_machine_pkg::WordBits-1:0]  pad_rdata_i
);
  localparam int unsigned L = hil_machine_pkg::Lanes;
  localparam int unsigned W = hil_machine_pkg::WordBytes;
  localparam int unsigned WordShift = hil_machine_pkg::WordShift;
  localparam int unsigned WordAddrW = hil_machine_pkg::WordAddrW;
  localparam int unsigned ByteAddrW = hil_machine_pkg::ByteAddrW;
  localparam bit TwoWords = 2 * L > W;

  // Stage s holds the group that entered s + 1 cycles before.
  logic [8:0]           valid_q;
  logic [ByteAddrW-1:0] address_q[0:8];
  logic [L-1:0]         lanes_q  [0:8];
  always_ff @(posedge clk_i) begin
    if (rst_i) valid_q <= '0;
    else valid_q <= {valid_q[7:0], group_i};
  end
  always_ff @(posedge clk_i) begin
    address_q[0] <= address_i;
    lanes_q[0]   <= lanes_i;
    for (int unsigned s = 1; s < 9; s++) begin
      address_q[s] <= address_q[s-1];
      lanes_q[s]   <= lanes_q[s-1];
    end
  end

  // Old values, as the group lies in its word or words.
  logic                 read;
  logic [WordAddrW-1:0] read_addr;
  logic [L*16-1:0]      old;
  if (TwoWords) begin : gen_old_two
    logic [1:0]     got_q;
    logic [L*8-1:0] low_q, high_q;
    assign read      = accumulate_i && (valid_q[1] || valid_q[2]);
    assign read_addr = valid_q[1] ? WordAddrW'(address_q[1] >> WordShift) : WordAddrW'(address_q[2] >> WordShift) + 1'b1;
    always_ff @(posedge clk_i) begin
      got_q <= valid_q[2:1];
      if (got_q[0]) low_q <= pad_rdata_i;
      if (got_q[1]) high_q <= pad_rdata_i;
    end
    assign old = {high_q, low_q};
  end else begin : gen_old_one
    logic            got_q;
    logic [L*16-1:0] old_q;
    assign read      = accumulate_i && valid_q[4];
    assign read_addr = WordAddrW'(address_q[4] >> WordShift);
    always_ff @(posedge clk_i) begin
      got_q <= valid_q[4];
      if (got_q) old_q <= (L * 16)'(pad_rdata_i >> {address_q[5][WordShift-1:0], 3'b0});
    end
    assign old = old_q;
  end

  // x+7: what is written.
  logic [L*16-1:0] sums;
  for (genvar l = 0; l < L; l++) begin : gen_lane
    logic signed [16:0] sum;
    assign sum = 17'(signed'(wide_i[l*16+:16])) + (accumulate_i ? 17'(signed'(old[l*16+:16])) : 17'sd0);
    assign sums[l*16+:16] = sum > 17'sd32767 ? 16'd32767 : sum < -17'sd32767 ? 16'h8001 : sum[15:0];
  end

  logic [2*L-1:0] wide_lanes;
  for (genvar l = 0; l < L; l++) begin : gen_wide_lane
    assign wide_lanes[l*2+:2] = {2{lanes_q[7][l]}};
  end

  // x+8, x+9: written, by bytes at their offset in the word.
  logic [L*8-1:0]  narrow_q;
  logic [L*16-1:0] sums_q;
  always_ff @(posedge clk_i) begin
    if (valid_q[6]) begin
      narrow_q <= narrow_i;
      sums_q   <= sums;
    end
  end

  logic [WordShift-1:0] offset;
  logic [W-1:0]         first_be, second_be;
  logic [W*8-1:0]       first_word, second_word;
  logic                 first, second;
  assign offset = address_q[7][WordShift-1:0];
  assign first  = valid_q[7];
  if (TwoWords) begin : gen_write_two
    logic [W-1:0] high_lanes_q;
    always_ff @(posedge clk_i) high_lanes_q <= wide_lanes[2*L-1-:W];
    assign second      = valid_q[8] && wide_q_i;
    assign first_be    = wide_q_i ? wide_lanes[W-1:0] : W'(lanes_q[7]) << offset;
    assign first_word  = wide_q_i ? sums_q[W*8-1:0] : (W*8)'(narrow_q) << {offset, 3'b0};
    assign second_be   = high_lanes_q;
    assign second_word = sums_q[L*16-1-:W*8];
  end else begin : gen_write_one
    logic unused;
    assign unused      = valid_q[8];
    assign second      = 1'b0;
    assign first_be    = (wide_q_i ? W'(wide_lanes) : W'(lanes_q[7])) << offset;
    assign first_word  = (wide_q_i ? (W*8)'(sums_q) : (W*8)'(narrow_q)) << {offset, 3'b0};
    assign second_be   = '0;
    assign second_word = '0;
  end

  assign pad_we_o    = first || second;
  assign pad_en_o    = pad_we_o || read;
  assign pad_addr_o  = first ? WordAddrW'(address_q[7] >> WordShift)
      : second ? WordAddrW'(address_q[8] >> WordShift) + 1'b1 : read_addr;
  assign pad_be_o    = first ? first_be : second_be;
  assign pad_wdata_o = first ? first_word : second_word;

`ifdef HIL_ASSERT
  always_ff @(posedge clk_i) begin
    assert (rst_i || !(pad_we_o && read))
    else $error("old values are read in a cycle of writing");
  end
`endif
endmodule
