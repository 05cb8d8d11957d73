// Properties of hil_tokens: any one counter against a plain number, for all takes of tokens that are there and all posts.
module formal_tokens (
  input logic        clk_i,
  input logic        rst_i,
  input logic [15:0] take_i,
  input logic [15:0] post_i
);
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

  (* anyconst *) logic [3:0] pair;
  logic exists, take, post;
  assign exists = pair[3:2] != pair[1:0] && (pair[3:2] != 2'(hil_contract_pkg::UnitStore) || hil_machine_pkg::HasWritableRegion != 0);
  assign take   = exists && take_i[pair];
  assign post   = exists && post_i[pair];

  // A unit takes what is there.
  initial assume (rst_i);
  always_comb assume ((take_i & ~available) == '0);

  logic [4:0] model_q;
  always_ff @(posedge clk_i) begin
    if (rst_i) model_q <= '0;
    else if (model_q + 5'(post) - 5'(take) <= 5'd15) model_q <= model_q + 5'(post) - 5'(take);
  end
  always_ff @(posedge clk_i) begin
    if (!rst_i) begin
      assert (available[pair] == (model_q != '0));
      assert (!(post && !take && model_q == 5'd15) || overflow[pair[3:2]]);
      // No other counter of the producer gives: the report is this one's.
      assert ((post_i & (16'hf << (pair & 4'hc)) & ~(16'h1 << pair)) != '0 || overflow[pair[3:2]] == (post && !take && model_q == 5'd15));
    end
  end
endmodule
