// A value delayed by a fixed number of cycles (0 to any), cleared by reset.
// Latency: Cycles. Throughput: one value a cycle. Ordering: kept.
module hil_delay #(
  parameter int unsigned Width  = 1,
  parameter int unsigned Cycles = 1
) (
  input  logic             clk_i,
  input  logic             rst_i,
  input  logic [Width-1:0] data_i,
  output logic [Width-1:0] data_o
);
  if (Cycles == 0) begin : gen_none
    assign data_o = data_i;
    // A wire needs neither.
    logic unused;
    assign unused = clk_i ^ rst_i;
  end else begin : gen_stages
    logic [Width-1:0] stage_q[0:Cycles-1];
    always_ff @(posedge clk_i) begin
      for (int unsigned s = 0; s < Cycles; s++) begin
        if (rst_i) stage_q[s] <= '0;
        else if (s == 0) stage_q[s] <= data_i;
        else stage_q[s] <= stage_q[s-1];
      end
    end
    assign data_o = stage_q[Cycles-1];
  end
endmodule
