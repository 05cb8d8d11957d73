// The accelerator core: fetch, dispatch, four units and their memories, one port to main memory.
//
//                 mem port
//                    |
//   fetch -> dispatch -> queues -> load -> weights -> array -> accumulators -> vector
//                                   |  \-> parameters, tables ----------------/  |
//                                   +------------- scratchpad banks -------------+--- store -> mem port
//
// Latency, throughput, ordering: docs/timing.md, to the cycle. start_i begins a segment of count_i instructions at entry_i;
// the next cycle is cycle 0. done_o stays until the next start. The host port is for use while not running.
// Not checked: what the verifier proves (races, ranges, END at the end).
// Trace: the retire ports and now_o are alive; otherwise they are zero.
module hil_core #(
  parameter bit Trace = 1'b1
) (
  input  logic                                clk_i,
  input  logic                                rst_i,
  input  logic                                start_i,
  input  logic [hil_machine_pkg::MainAddrW-1:0]  entry_i,
  input  logic [hil_machine_pkg::IndexW-1:0]     count_i,
  output logic                                running_o,
  output logic                                done_o,
  output logic [3:0]                          trap_reason_o,
  output logic [hil_machine_pkg::IndexW-1:0]     trap_index_o,
  // Main memory: a burst is asked for with mem_start_o and ends with mem_last_i; read beats come with mem_read_i,
  // write beats are taken with mem_write_i.
  output logic                                mem_start_o,
  output logic                                mem_write_o,
  output logic [hil_machine_pkg::MainAddrW-1:0]  mem_addr_o,
  output logic [hil_machine_pkg::BurstW-1:0]     mem_bytes_o,
  input  logic                                mem_read_i,
  input  logic [hil_machine_pkg::PortBits-1:0]   mem_rdata_i,
  input  logic                                mem_write_i,
  output logic                                mem_wvalid_o,
  output logic [hil_machine_pkg::PortBits-1:0]   mem_wdata_o,
  input  logic                                mem_last_i,
  // Host access to the scratchpad.
  input  logic                                host_en_i,
  input  logic                                host_we_i,
  input  logic [hil_machine_pkg::BankW-1:0]      host_bank_i,
  input  logic [hil_machine_pkg::WordAddrW-1:0]  host_addr_i,
  input  logic [hil_machine_pkg::WordBytes-1:0]  host_be_i,
  input  logic [hil_machine_pkg::WordBits-1:0]   host_wdata_i,
  output logic [hil_machine_pkg::WordBits-1:0]   host_rdata_o,
  // Counters and trace.
  output logic                                counters_ready_o,
  input  logic                                counter_read_i,
  input  logic [5:0]                          counter_select_i,
  input  logic [1:0]                          counter_part_i,
  output logic [15:0]                         counter_word_o,
  output logic [3:0]                          retire_o,
  output logic [4*hil_machine_pkg::TraceIndexW-1:0] retire_index_o,
  output logic [4*hil_machine_pkg::CounterW-1:0] retire_start_o,
  output logic [4*hil_machine_pkg::CounterW-1:0] retire_busy_o,
  output logic [hil_machine_pkg::CounterW-1:0]   now_o
);
  localparam int unsigned Load = hil_contract_pkg::UnitLoad;
  localparam int unsigned Compute = hil_contract_pkg::UnitCompute;
  localparam int unsigned Vector = hil_contract_pkg::UnitVector;
  localparam int unsigned Store = hil_contract_pkg::UnitStore;
  localparam int unsigned IndexW = hil_machine_pkg::IndexW;
  localparam int unsigned TraceIndexW = hil_machine_pkg::TraceIndexW;
  localparam int unsigned BurstW = hil_machine_pkg::BurstW;
  localparam int unsigned WordBits = hil_machine_pkg::WordBits;
  localparam int unsigned WordBytes = hil_machine_pkg::WordBytes;
  localparam int unsigned WordAddrW = hil_machine_pkg::WordAddrW;
  localparam int unsigned BankW = hil_machine_pkg::BankW;
  localparam int unsigned VectorPorts = hil_machine_pkg::VectorPorts;
  // Scratchpad clients: the four units, then further ports of the Vector unit; the host takes Load's place while the core does not run.
  localparam int unsigned Clients = 3 + VectorPorts;

  if (hil_machine_pkg::PortBytes > 16) $error("a beat of the port is at most an instruction");

  logic clear, running, trapped;
  assign clear     = rst_i || start_i;
  assign running_o = running;

  // Fetch and dispatch.
  logic              head_valid, pop, fetch_in_burst;
  logic [3:0]        head_reason;
  logic              head_known, head_end;
  logic [1:0]        head_unit;
  logic [2:0]        chunk_index, next_chunk;
  logic [hil_machine_pkg::ChunkBits-1:0] chunk;
  logic [IndexW-1:0] head_index;
  logic              fetch_request, store_request, load_request;
  logic              fetch_grant, store_grant, load_grant;
  logic              fetch_last, store_last, load_last, fetch_active, load_active, occupied;
  logic [hil_machine_pkg::MainAddrW-1:0] fetch_addr, store_addr, load_addr;
  logic [BurstW-1:0] fetch_bytes, store_bytes, load_bytes, burst_bytes;

  hil_fetch u_fetch (
    .clk_i,
    .rst_i     (clear),
    .running_i (running),
    .trapped_i (trapped),
    .entry_i,
    .count_i,
    .request_o (fetch_request),
    .addr_o    (fetch_addr),
    .bytes_o   (fetch_bytes),
    .grant_i   (fetch_grant),
    .active_i  (fetch_active),
    .last_i    (fetch_last),
    .beat_i    (mem_read_i),
    .data_i    (mem_rdata_i),
    .in_burst_o(fetch_in_burst),
    .valid_o   (head_valid),
    .known_o   (head_known),
    .end_o     (head_end),
    .unit_o    (head_unit),
    .reason_o  (head_reason),
    .index_o   (head_index),
    .trap_index_o,
    .chunk_o   (chunk),
    .next_chunk_i(next_chunk),
    .pop_i     (pop)
  );

  logic [3:0] full, empty, write, push, executing, start, last, waiting;
  logic       quiet, segment_end, dispatch_trap;
  logic       dispatch_busy, dispatch_starved, dispatch_draining, dispatch_stopped;
  logic [3:0] dispatch_full, dispatch_reason;
  logic [15:0] fields;
  assign quiet = empty == '1 && executing == '0;

  hil_dispatch u_dispatch (
    .clk_i,
    .rst_i     (clear),
    .running_i (running),
    .trapped_i (trapped),
    .valid_i   (head_valid),
    .known_i   (head_known),
    .end_i     (head_end),
    .unit_i    (head_unit),
    .reason_i  (head_reason),
    .word_i    (chunk),
    .pop_o     (pop),
    .full_i    (full),
    .fields_i  (fields),
    .quiet_i   (quiet),
    .next_chunk_o(next_chunk),
    .chunk_o   (chunk_index),
    .write_o   (write),
    .push_o    (push),
    .done_o    (segment_end),
    .trap_o    (dispatch_trap),
    .reason_o  (dispatch_reason),
    .busy_o    (dispatch_busy),
    .starved_o (dispatch_starved),
    .draining_o(dispatch_draining),
    .stopped_o (dispatch_stopped),
    .blocked_o (dispatch_full)
  );

  // Tokens and the units' control.
  logic [3:0]          overflow;
  logic [4*128-1:0]    word;
  logic [4*IndexW-1:0] index;
  logic [3:0]          busy, issue, idle, port_wait;
  logic [15:0]         stall;

  hil_units u_units (
    .clk_i,
    .rst_i        (clear),
    .trapped_i    (trapped),
    .write_i      (write),
    .push_i       (push),
    .chunk_index_i(chunk_index),
    .chunk_i      (chunk),
    .index_i      (head_index),
    .full_o       (full),
    .empty_o      (empty),
    .start_o      (start),
    .word_o       (word),
    .waiting_i    (waiting),
    .last_i       (last),
    .executing_o  (executing),
    .index_o      (index),
    .overflow_o   (overflow),
    .fields_o     (fields),
    .busy_o       (busy),
    .issue_o      (issue),
    .idle_o       (idle),
    .port_wait_o  (port_wait),
    .stall_o      (stall)
  );
  for (genvar u = 0; u < 4; u++) begin : gen_index
    assign retire_index_o[u*TraceIndexW+:TraceIndexW] = TraceIndexW'(index[u*IndexW+:IndexW]);
  end
  assign waiting[Compute] = 1'b0;
  assign waiting[Vector]  = 1'b0;
  assign retire_o         = last;

  hil_control u_control (
    .clk_i,
    .rst_i,
    .start_i,
    .running_o        (running),
    .done_o,
    .trapped_o        (trapped),
    .reason_o         (trap_reason_o),
    .end_i            (segment_end),
    .units_idle_i     (executing == '0),
    .fetch_burst_i    (fetch_in_burst),
    .active_i         (occupied || mem_start_o || executing != '0 || start != '0 || dispatch_busy),
    .overflow_i       (overflow != '0),
    .dispatch_trap_i  (dispatch_trap),
    .dispatch_reason_i(dispatch_reason)
  );

  hil_port u_port (
    .clk_i,
    .rst_i          (clear),
    .fetch_request_i(fetch_request),
    .fetch_addr_i   (fetch_addr),
    .fetch_bytes_i  (fetch_bytes),
    .store_request_i(store_request),
    .store_addr_i   (store_addr),
    .store_bytes_i  (store_bytes),
    .load_request_i (load_request),
    .load_addr_i    (load_addr),
    .load_bytes_i   (load_bytes),
    .fetch_grant_o  (fetch_grant),
    .store_grant_o  (store_grant),
    .load_grant_o   (load_grant),
    .fetch_last_o   (fetch_last),
    .store_last_o   (store_last),
    .load_last_o    (load_last),
    .fetch_active_o (fetch_active),
    .load_active_o  (load_active),
    .occupied_o     (occupied),
    .bytes_o        (burst_bytes),
    .mem_start_o,
    .mem_write_o,
    .mem_addr_o,
    .mem_bytes_o,
    .mem_last_i
  );

  // The scratchpad and its clients.
  logic [Clients-1:0]           pad_en, pad_we;
  logic [Clients*BankW-1:0]     pad_bank;
  logic [Clients*WordAddrW-1:0] pad_addr;
  logic [Clients*WordBytes-1:0] pad_be;
  logic [Clients*WordBits-1:0]  pad_wdata, pad_rdata;

  hil_scratchpad #(
    .Banks    (hil_machine_pkg::Banks),
    .BankWords(hil_machine_pkg::BankWords),
    .WordBytes(WordBytes),
    .BankW    (BankW),
    .AddrW    (WordAddrW),
    .Clients  (Clients)
  ) u_scratchpad (
    .clk_i,
    .en_i   (pad_en),
    .we_i   (pad_we),
    .bank_i (pad_bank),
    .addr_i (pad_addr),
    .be_i   (pad_be),
    .wdata_i(pad_wdata),
    .rdata_o(pad_rdata)
  );
  logic                load_en, load_we;
  logic [BankW-1:0]     load_bank;
  logic [WordAddrW-1:0] load_word_addr;
  logic [WordBits-1:0]  load_wdata;
  assign pad_en[Load]                           = running ? load_en : host_en_i;
  assign pad_we[Load]                           = running ? load_we : host_we_i;
  assign pad_bank[Load*BankW+:BankW]            = running ? load_bank : host_bank_i;
  assign pad_addr[Load*WordAddrW+:WordAddrW]    = running ? load_word_addr : host_addr_i;
  assign pad_be[Load*WordBytes+:WordBytes]      = running ? '1 : host_be_i;
  assign pad_wdata[Load*WordBits+:WordBits]     = running ? load_wdata : host_wdata_i;
  assign host_rdata_o                           = pad_rdata[Load*WordBits+:WordBits];

  // Load.
  logic                                 weight_we, tile_we, parameter_we, table_we;
  logic [hil_machine_pkg::WeightAddrW-1:0] weight_waddr, weight_raddr;
  logic [hil_machine_pkg::Columns*8-1:0]   weight_wdata, weight_rdata;
  logic [hil_machine_pkg::TileAddrW-1:0]   tile_waddr, tile_raddr;
  logic [15:0]                          tile_wdata, tile_rdata;
  logic [hil_machine_pkg::CountW-1:0]      parameter_waddr;
  logic [hil_machine_pkg::ParameterW-1:0]  parameter_wdata;
  logic [10:0]                          table_waddr;
  logic [hil_machine_pkg::PortBits-1:0]    table_wdata;

  hil_load u_load (
    .clk_i,
    .rst_i           (clear),
    .start_i         (start[Load]),
    .word_i          (word[Load*128+:128]),
    .waiting_o       (waiting[Load]),
    .last_o          (last[Load]),
    .request_o       (load_request),
    .addr_o          (load_addr),
    .bytes_o         (load_bytes),
    .grant_i         (load_grant),
    .burst_last_i    (load_last),
    .beat_i          (load_active && mem_read_i),
    .data_i          (mem_rdata_i),
    .pad_en_o        (load_en),
    .pad_we_o        (load_we),
    .pad_bank_o      (load_bank),
    .pad_addr_o      (load_word_addr),
    .pad_wdata_o     (load_wdata),
    .pad_rdata_i     (pad_rdata[Load*WordBits+:WordBits]),
    .weight_we_o     (weight_we),
    .weight_addr_o   (weight_waddr),
    .weight_o        (weight_wdata),
    .tile_we_o       (tile_we),
    .tile_addr_o     (tile_waddr),
    .tile_o          (tile_wdata),
    .parameter_we_o  (parameter_we),
    .parameter_addr_o(parameter_waddr),
    .parameter_o     (parameter_wdata),
    .table_we_o      (table_we),
    .table_addr_o    (table_waddr),
    .table_o         (table_wdata)
  );

  // Compute.
  logic                                weight_re, tile_re, row_event, tile_event;
  logic                                acc_read, acc_half;
  logic [hil_machine_pkg::AccRowW-1:0]    acc_row;
  logic [hil_machine_pkg::Columns*32-1:0] acc_data;

  hil_weights u_weights (
    .clk_i,
    .weight_we_i   (weight_we),
    .weight_waddr_i(weight_waddr),
    .weight_i      (weight_wdata),
    .tile_we_i     (tile_we),
    .tile_waddr_i  (tile_waddr),
    .tile_i        (tile_wdata),
    .weight_re_i   (weight_re),
    .weight_raddr_i(weight_raddr),
    .weight_o      (weight_rdata),
    .tile_re_i     (tile_re),
    .tile_raddr_i  (tile_raddr),
    .tile_o        (tile_rdata)
  );

  hil_compute u_compute (
    .clk_i,
    .rst_i        (clear),
    .start_i      (start[Compute]),
    .word_i       (word[Compute*128+:128]),
    .last_o       (last[Compute]),
    .row_event_o  (row_event),
    .tile_event_o (tile_event),
    .weight_re_o  (weight_re),
    .weight_addr_o(weight_raddr),
    .weight_i     (weight_rdata),
    .tile_re_o    (tile_re),
    .tile_addr_o  (tile_raddr),
    .tile_i       (tile_rdata),
    .pad_en_o     (pad_en[Compute]),
    .pad_bank_o   (pad_bank[Compute*BankW+:BankW]),
    .pad_addr_o   (pad_addr[Compute*WordAddrW+:WordAddrW]),
    .pad_rdata_i  (pad_rdata[Compute*WordBits+:WordBits]),
    .acc_read_i   (acc_read),
    .acc_half_i   (acc_half),
    .acc_row_i    (acc_row),
    .acc_data_o   (acc_data)
  );
  assign pad_we[Compute]                          = 1'b0;
  assign pad_be[Compute*WordBytes+:WordBytes]     = '0;
  assign pad_wdata[Compute*WordBits+:WordBits]    = '0;

  logic [VectorPorts-1:0]           vector_en, vector_we;
  logic [VectorPorts*BankW-1:0]     vector_bank;
  logic [VectorPorts*WordAddrW-1:0] vector_addr;
  logic [VectorPorts*WordBytes-1:0] vector_be;
  logic [VectorPorts*WordBits-1:0]  vector_wdata, vector_rdata;

  hil_vector_unit u_vector (
    .clk_i,
    .rst_i            (clear),
    .start_i          (start[Vector]),
    .word_i           (word[Vector*128+:128]),
    .chunk_we_i       (write[Vector]),
    .chunk_index_i    (chunk_index),
    .chunk_i          (chunk),
    .last_o           (last[Vector]),
    .acc_read_o       (acc_read),
    .acc_half_o       (acc_half),
    .acc_row_o        (acc_row),
    .acc_data_i       (acc_data),
    .parameter_we_i   (parameter_we),
    .parameter_waddr_i(parameter_waddr),
    .parameter_i      (parameter_wdata),
    .table_we_i       (table_we),
    .table_waddr_i    (table_waddr),
    .table_i          (table_wdata),
    .pad_en_o         (vector_en),
    .pad_we_o         (vector_we),
    .pad_bank_o       (vector_bank),
    .pad_addr_o       (vector_addr),
    .pad_be_o         (vector_be),
    .pad_wdata_o      (vector_wdata),
    .pad_rdata_i      (vector_rdata)
  );
  // Its first port is client Vector, the others follow the four units.
  assign {pad_en[Clients-1:4], pad_en[Vector]} = vector_en;
  assign {pad_we[Clients-1:4], pad_we[Vector]} = vector_we;
  assign {pad_bank[Clients*BankW-1:4*BankW], pad_bank[Vector*BankW+:BankW]} = vector_bank;
  assign {pad_addr[Clients*WordAddrW-1:4*WordAddrW], pad_addr[Vector*WordAddrW+:WordAddrW]} = vector_addr;
  assign {pad_be[Clients*WordBytes-1:4*WordBytes], pad_be[Vector*WordBytes+:WordBytes]} = vector_be;
  assign {pad_wdata[Clients*WordBits-1:4*WordBits], pad_wdata[Vector*WordBits+:WordBits]} = vector_wdata;
  assign vector_rdata = {pad_rdata[Clients*WordBits-1:4*WordBits], pad_rdata[Vector*WordBits+:WordBits]};

  // Store, where there is something to store to.
  if (hil_machine_pkg::HasWritableRegion != 0) begin : gen_store
    hil_store u_store (
      .clk_i,
      .rst_i          (clear),
      .start_i        (start[Store]),
      .word_i         (word[Store*128+:128]),
      .waiting_o      (waiting[Store]),
      .last_o         (last[Store]),
      .request_o      (store_request),
      .addr_o         (store_addr),
      .bytes_o        (store_bytes),
      .grant_i        (store_grant),
      .burst_last_i   (store_last),
      .take_i         (mem_write_i),
      .valid_o        (mem_wvalid_o),
      .data_o         (mem_wdata_o),
      .pad_en_o       (pad_en[Store]),
      .pad_bank_o     (pad_bank[Store*BankW+:BankW]),
      .pad_addr_o     (pad_addr[Store*WordAddrW+:WordAddrW]),
      .pad_rdata_i    (pad_rdata[Store*WordBits+:WordBits])
    );
  end else begin : gen_no_store
    assign waiting[Store]                         = 1'b0;
    assign last[Store]                            = 1'b0;
    assign store_request                          = 1'b0;
    assign store_addr                             = '0;
    assign store_bytes                            = '0;
    assign mem_wvalid_o                           = 1'b0;
    assign mem_wdata_o                            = '0;
    assign pad_en[Store]                          = 1'b0;
    assign pad_bank[Store*BankW+:BankW]           = '0;
    assign pad_addr[Store*WordAddrW+:WordAddrW]   = '0;
    logic unused;
    assign unused = ^{start[Store], word[Store*128+:128], store_grant, mem_write_i, pad_rdata[Store*WordBits+:WordBits]};
  end
  assign pad_we[Store]                         = 1'b0;
  assign pad_be[Store*WordBytes+:WordBytes]    = '0;
  assign pad_wdata[Store*WordBits+:WordBits]   = '0;

  hil_counters u_counters (
    .clk_i,
    .rst_i              (clear),
    .running_i          (running),
    .busy_i             (busy),
    .issue_i            (issue),
    .idle_i             (idle),
    .port_wait_i        (port_wait),
    .stall_i            (stall),
    .dispatch_full_i    (dispatch_full),
    .retired_i          (last),
    .dispatch_busy_i    (dispatch_busy),
    .dispatch_starved_i (dispatch_starved),
    .dispatch_draining_i(dispatch_draining),
    .dispatch_stopped_i (dispatch_stopped),
    .fetch_last_i       (fetch_last),
    .load_last_i        (load_last),
    .store_last_i       (store_last),
    .bytes_i            (burst_bytes),
    .tile_i             (tile_event),
    .streamed_row_i     (row_event),
    .ready_o            (counters_ready_o),
    .read_i             (counter_read_i),
    .select_i           (counter_select_i),
    .part_i             (counter_part_i),
    .word_o             (counter_word_o)
  );

  if (Trace) begin : gen_trace
    hil_trace u_trace (
      .clk_i,
      .rst_i    (clear),
      .running_i(running),
      .start_i  (start),
      .busy_i   (busy),
      .start_o  (retire_start_o),
      .busy_o   (retire_busy_o),
      .now_o
    );
  end else begin : gen_no_trace
    assign retire_start_o = '0;
    assign retire_busy_o  = '0;
    assign now_o          = '0;
  end
endmodule
