// The fetch buffer with whole instructions: the head's form is checked where it stands.
// Latency: an instruction can be read in the cycle after its last beat. Throughput: one beat and one read a cycle. Ordering: slots ascending.
module hil_buffer_wide (
  input  logic                                  clk_i,
  input  logic                                  rst_i,
  input  logic                                  beat_i,
  input  logic [hil_machine_pkg::PortBits-1:0]  data_i,
  input  logic [hil_machine_pkg::SlotW-1:0]     slot_i,
  output logic                                  known_o,
  output logic                                  end_o,
  output logic [1:0]                            unit_o,
  output logic [3:0]                            reason_o,
  output logic [127:0]                          word_o
);
  localparam int unsigned PortBits = hil_machine_pkg::PortBits;
  localparam int unsigned Beats = 128 / PortBits;
  localparam int unsigned BeatW = Beats > 1 ? $clog2(Beats) : 1;

  logic [127:0]                      buffer_q[0:2*hil_machine_pkg::FetchInstructions-1];
  logic [127:0]                      gathered;
  logic [BeatW-1:0]                  beat_q;
  logic [hil_machine_pkg::SlotW-1:0] write_q;
  logic                              whole;

  assign whole  = beat_i && beat_q == BeatW'(Beats - 1);
  assign word_o = buffer_q[slot_i];

  if (Beats > 1) begin : gen_gather
    logic [127-PortBits:0] shift_q;
    assign gathered = {data_i, shift_q};
    always_ff @(posedge clk_i) begin
      if (beat_i) shift_q <= gathered[127:PortBits];
    end
  end else begin : gen_whole
    assign gathered = data_i;
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      beat_q  <= '0;
      write_q <= '0;
    end else if (beat_i) begin
      beat_q  <= whole ? '0 : beat_q + 1'b1;
      write_q <= write_q + hil_machine_pkg::SlotW'(whole);
    end
  end
  always_ff @(posedge clk_i) begin
    if (whole) buffer_q[write_q] <= gathered;
  end

  logic [3:0] word_reason, field_reason;
  logic [4:0] broken;
  hil_form u_form (
    .word_i  (word_o),
    .known_o,
    .unit_o,
    .end_o,
    .reason_o(word_reason),
    .broken_o(broken)
  );
  hil_field_reason u_fields (
    .broken_i(broken),
    .reason_o(field_reason)
  );
  assign reason_o = word_reason != hil_contract_pkg::TrapNone ? word_reason : field_reason;
endmodule
