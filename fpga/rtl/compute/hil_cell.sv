// One multiply-accumulate cell of the weight-stationary array, with a shadow weight behind the active one.
// Latency: one cycle from act_i and psum_i to act_o and psum_o. Throughput: one activation a cycle.
// Ordering: swap_i makes the shadow weight active from the next cycle on and travels east with the activations;
// a shadow weight written in the cycle of a swap belongs to the next tile.
// Overflow: a product is at most 2^14 in size; PsumW = 16 + log2(rows) holds the sum of all rows.
module hil_cell #(
  parameter int unsigned PsumW = 18
) (
  input  logic             clk_i,
  input  logic [7:0]       weight_i,
  input  logic             weight_we_i,
  input  logic             swap_i,
  input  logic [7:0]       act_i,
  input  logic [PsumW-1:0] psum_i,
  output logic             swap_o,
  output logic [7:0]       act_o,
  output logic [PsumW-1:0] psum_o
);
  logic [7:0] shadow_q, active_q;
  logic signed [15:0] product;

  assign product = signed'(act_i) * signed'(active_q);

  always_ff @(posedge clk_i) begin
    if (weight_we_i) shadow_q <= weight_i;
    if (swap_i) active_q <= shadow_q;
    swap_o <= swap_i;
    act_o  <= act_i;
    psum_o <= PsumW'(signed'(psum_i) + PsumW'(product));
  end
endmodule
