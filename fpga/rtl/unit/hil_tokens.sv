// The twelve token counters tokens[p][c], 0 to 15.
// Bit p*4+c of every vector belongs to the pair producer p, consumer c.
// Latency: what is taken and posted in a cycle is seen in the next. Throughput: any set of pairs a cycle.
// Ordering: take and post of one counter in one cycle cancel out. A post that would pass 15 is reported at once and dropped.
module hil_tokens (
  input  logic        clk_i,
  input  logic        rst_i,
  input  logic [15:0] take_i,
  input  logic [15:0] post_i,
  output logic [15:0] available_o,
  output logic [3:0]  overflow_o
);
  logic [15:0] overflow;

  for (genvar i = 0; i < 16; i++) begin : gen_pair
    // No unit gives itself a token, and a Store unit that is not there gives none.
    if (i / 4 == i % 4 || (i / 4 == hil_contract_pkg::UnitStore && hil_machine_pkg::HasWritableRegion == 0)) begin : gen_none
      assign available_o[i] = 1'b0;
      assign overflow[i]    = 1'b0;
      logic unused;
      assign unused = take_i[i] ^ post_i[i];
    end else begin : gen_counter
      logic [3:0] count_q;
      assign available_o[i] = count_q != '0;
      assign overflow[i]    = post_i[i] && !take_i[i] && count_q == '1;
      always_ff @(posedge clk_i) begin
        if (rst_i) count_q <= '0;
        else if (take_i[i] != post_i[i] && !overflow[i]) count_q <= count_q + {{3{take_i[i]}}, 1'b1};
      end
`ifdef HIL_ASSERT
      always_ff @(posedge clk_i) begin
        assert (rst_i || !take_i[i] || available_o[i])
        else $error("token %0d taken that is not there", i);
      end
`endif
    end
  end

  for (genvar p = 0; p < 4; p++) begin : gen_producer
    assign overflow_o[p] = |overflow[p*4+:4];
  end
endmodule
