// Properties of hil_tokens: the counter of Compute's tokens for Vector against a plain number, for all takes of tokens that are there and
// all posts. The other counters are made by the same lines; that they do not disturb it is part of what is checked.
module formal_tokens (
  input logic        clk_i,
  input logic        rst_i,
  input logic [15:0] take_i,
  input logic [15:0] post_i
);
  localparam int unsigned Producer = hil_contract_pkg::UnitCompute;
  localparam int unsigned Pair = 4 * Producer + hil_contract_pkg::UnitVector;

  logic [15:0] available;
  logic [3:0]  overflow;
  hil_tokens dut (
    .clk_i,
    .rst_i,
    .take_i,
    .post_i,
    .available_o(available),
    .overflow_o (overflow)
  );

  // A unit takes what is there.
  initial assume (rst_i);
  always_comb assume ((take_i & ~available) == '0);

  logic [4:0] model_q, next;
  logic       beyond, alone;
  assign next   = model_q + {4'b0, post_i[Pair]} - {4'b0, take_i[Pair]};
  assign beyond = next == 5'd16;
  // No other counter of the producer is given to: the report is this one's.
  assign alone  = (post_i[4*Producer+:4] & ~(4'h1 << hil_contract_pkg::UnitVector)) == '0;
  always_ff @(posedge clk_i) begin
    if (rst_i) model_q <= '0;
    else if (!beyond) model_q <= next;
  end

  // The counter itself, so that induction knows it.
  (* hierconn *) logic [3:0] \dut.gen_pair[6].gen_counter.count_q ;
  always_ff @(posedge clk_i) begin
    if (!rst_i) begin
      assert (model_q == {1'b0, \dut.gen_pair[6].gen_counter.count_q });
      assert (available[Pair] == (model_q != '0));
      assert (!beyond || overflow[Producer]);
      assert (!alone || overflow[Producer] == beyond);
      // Nobody gives itself a token.
      assert (!available[0] && !available[5] && !available[10] && !available[15]);
    end
  end
endmodule
