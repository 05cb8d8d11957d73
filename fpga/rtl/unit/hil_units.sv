// The control of the four units and the tokens between them: queues, starts, and what each cycle counts as (timing, section 4).
// Bit or field u of every vector belongs to unit u. A Store unit that the machine does not have is idle for ever.
// Latency, throughput, ordering: as hil_unit and hil_tokens.
module hil_units (
  input  logic                                  clk_i,
  input  logic                                  rst_i,
  input  logic                                  trapped_i,
  // From dispatch: a chunk for one unit, and with the last one push_i.
  input  logic [3:0]                            write_i,
  input  logic [3:0]                            push_i,
  input  logic [2:0]                            chunk_index_i,
  input  logic [hil_machine_pkg::ChunkBits-1:0] chunk_i,
  input  logic [hil_machine_pkg::IndexW-1:0]    index_i,
  output logic [3:0]                            full_o,
  output logic [3:0]                            empty_o,
  // The engines.
  output logic [3:0]                            start_o,
  output logic [4*128-1:0]                      word_o,
  input  logic [3:0]                            waiting_i,
  input  logic [3:0]                            last_i,
  output logic [3:0]                            executing_o,
  output logic [4*hil_machine_pkg::IndexW-1:0]  index_o,
  output logic [3:0]                            overflow_o,
  // By chunks: the form of the fields that each unit had got a cycle ago, four bits a unit.
  output logic [15:0]                           fields_o,
  output logic [3:0]                            busy_o,
  output logic [3:0]                            issue_o,
  output logic [3:0]                            idle_o,
  output logic [3:0]                            port_wait_o,
  output logic [15:0]                           stall_o
);
  localparam int unsigned Vector = hil_contract_pkg::UnitVector;
  localparam int unsigned Store = hil_contract_pkg::UnitStore;
  localparam int unsigned IndexW = hil_machine_pkg::IndexW;

  logic [15:0] take, post, available;

  hil_tokens u_tokens (
    .clk_i,
    .rst_i,
    .take_i     (take),
    .post_i     (post),
    .available_o(available),
    .overflow_o
  );

  for (genvar u = 0; u < 4; u++) begin : gen_unit
    logic [3:0] awaited, taken;
    for (genvar p = 0; p < 4; p++) begin : gen_pair
      assign awaited[p]  = available[p*4+u];
      assign take[p*4+u] = taken[p];
    end
    if (u == Store && hil_machine_pkg::HasWritableRegion == 0) begin : gen_absent
      assign full_o[u]                   = 1'b0;
      assign empty_o[u]                  = 1'b1;
      assign taken                       = '0;
      assign post[u*4+:4]                = '0;
      assign start_o[u]                  = 1'b0;
      assign word_o[u*128+:128]          = '0;
      assign executing_o[u]              = 1'b0;
      assign index_o[u*IndexW+:IndexW]   = '0;
      assign busy_o[u]                   = 1'b0;
      assign issue_o[u]                  = 1'b0;
      assign idle_o[u]                   = 1'b1;
      assign port_wait_o[u]              = 1'b0;
      assign stall_o[u*4+:4]             = '0;
      assign fields_o[u*4+:4]            = hil_contract_pkg::TrapNone;
      // Nothing is ever dispatched to it.
      logic unused;
      assign unused = ^{awaited, write_i[u], push_i[u], waiting_i[u], last_i[u]};
    end else begin : gen_present
      hil_unit #(
        .QueueDepth(hil_machine_pkg::QueueDepth),
        .IndexW    (IndexW),
        .ChunkBits (hil_machine_pkg::ChunkBits)
      ) u_unit (
        .clk_i,
        .rst_i,
        .trapped_i,
        .write_i      (write_i[u]),
        .chunk_index_i,
        .chunk_i,
        .push_i       (push_i[u]),
        .index_i,
        .full_o       (full_o[u]),
        .empty_o      (empty_o[u]),
        .available_i  (awaited),
        .take_o       (taken),
        .post_o       (post[u*4+:4]),
        .start_o      (start_o[u]),
        .word_o       (word_o[u*128+:128]),
        .waiting_i    (waiting_i[u]),
        .last_i       (last_i[u]),
        .executing_o  (executing_o[u]),
        .index_o      (index_o[u*IndexW+:IndexW]),
        .busy_o       (busy_o[u]),
        .issue_o      (issue_o[u]),
        .idle_o       (idle_o[u]),
        .port_wait_o  (port_wait_o[u]),
        .stall_o      (stall_o[u*4+:4])
      );
      if (hil_machine_pkg::ChunkBits == 128) begin : gen_whole
        assign fields_o[u*4+:4] = hil_contract_pkg::TrapNone;
      end else if (u == Vector && hil_machine_pkg::Serial != 0) begin : gen_chunks
        // The serial vector unit keeps the instruction in a memory of its own.
        logic [4:0] broken;
        hil_vector_form u_form (
          .clk_i,
          .write_i (write_i[u]),
          .index_i (chunk_index_i),
          .chunk_i,
          .broken_o(broken)
        );
        hil_field_reason u_reason (
          .broken_i(broken),
          .reason_o(fields_o[u*4+:4])
        );
      end else begin : gen_form
        // Only opcodes of this unit get here.
        logic       unused_known, unused_end;
        logic [4:0] broken, broken_q;
        logic [1:0] unused_unit;
        logic [3:0] unused_reason;
        hil_form #(
          .Fields(1'b1)
        ) u_form (
          .word_i  ({word_o[u*128+6+:122], 3'(u + 1), word_o[u*128+:3]}),
          .known_o (unused_known),
          .unit_o  (unused_unit),
          .end_o   (unused_end),
          .reason_o(unused_reason),
          .broken_o(broken)
        );
        always_ff @(posedge clk_i) broken_q <= broken;
        hil_field_reason u_reason (
          .broken_i(broken_q),
          .reason_o(fields_o[u*4+:4])
        );
        logic unused;
        assign unused = ^{unused_known, unused_end, unused_unit, unused_reason};
      end
    end
  end
endmodule
