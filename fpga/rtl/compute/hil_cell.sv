// One multiply-accumulate cell of the weight-stationary array.
// Latency: one cycle from act_i and psum_i, or from clear_i, to psum_o. Throughput: one activation a cycle.
// Ordering: a weight taken in a cycle multiplies from the next cycle on.
// Overflow: a product is at most 2^14 in size; PsumW = 16 + log2(rows) holds the sum of all rows.
module hil_cell #(
  parameter int unsigned PsumW = 18
) (
  input  logic             clk_i,
  input  logic [7:0]       weight_i,
  input  logic             take_i,
  input  logic             clear_i,
  input  logic [7:0]       act_i,
  input  logic [PsumW-1:0] psum_i,
  output logic [PsumW-1:0] psum_o
);
  logic [7:0] weight_q;
  logic signed [15:0] product;

  assign product = signed'(act_i) * signed'(weight_q);

  always_ff @(posedge clk_i) begin
    if (take_i) weight_q <= weight_i;
    if (clear_i) psum_o <= '0;
    else psum_o <= PsumW'(signed'(psum_i) + PsumW'(product));
  end
endmodule
