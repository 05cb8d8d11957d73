// The core alone on the UP5K: with the flash port's stand-in for its main memory and a shift register for its host. It is placed and routed
// to see what the core takes and how fast it is. NOT FOR LOADING.
module hil_fit_core_top (
  input  logic       clk_i,
  input  logic       uart_rx_i,
  output logic       uart_tx_o,
  input  logic       shift_i,
  output logic       flash_cs_no,
  output logic       flash_sck_o,
  inout  wire  [3:0] flash_io,
  output logic [2:0] led_o
);
  localparam int unsigned MainAddrW = hil_machine_pkg::MainAddrW;
  localparam int unsigned IndexW = hil_machine_pkg::IndexW;
  localparam int unsigned BurstW = hil_machine_pkg::BurstW;

  logic [7:0] reset_q = '0;
  logic       rst;
  assign rst = !reset_q[7];
  always_ff @(posedge clk_i) if (rst) reset_q <= reset_q + 1'b1;

  // What the host says comes in by bits while shift_i is set; what it reads goes out the same way.
  logic [71:0]          said_q;
  logic [31:0]          heard_q, heard;
  logic                 shift_q, act_q, running, done, mem_start, mem_write, mem_wvalid;
  logic                 flash_valid, flash_last, flash_idle;
  logic [3:0]           trap_reason;
  logic [7:0]           flash_data, flash_serial, mem_wdata;
  logic [MainAddrW-1:0] mem_addr;
  logic [BurstW-1:0]    mem_bytes;
  logic [IndexW-1:0]    trap_index;
  logic [15:0]          counter_word;
  logic [31:0]          host_rdata;
  always_ff @(posedge clk_i) begin
    shift_q <= shift_i;
    act_q   <= shift_q && !shift_i;
    if (shift_i) said_q <= {said_q[70:0], uart_rx_i};
    heard_q <= shift_i ? {heard_q[30:0], flash_idle} : heard;
  end
  assign uart_tx_o = heard_q[31];
  assign led_o     = {running, done, mem_write ^ mem_wvalid ^ (^mem_wdata) ^ (^flash_serial)};
  always_comb begin
    unique case (said_q[71:70])
      2'd0:    heard = host_rdata;
      2'd1:    heard = {counter_word, 12'b0, trap_reason};
      default: heard = 32'(trap_index);
    endcase
  end

  hil_core #(
    .Trace(1'b0)
  ) u_core (
    .clk_i,
    .rst_i           (rst),
    .start_i         (act_q && said_q[69]),
    .entry_i         (said_q[MainAddrW-1:0]),
    .count_i         (said_q[24+:IndexW]),
    .running_o       (running),
    .done_o          (done),
    .trap_reason_o   (trap_reason),
    .trap_index_o    (trap_index),
    .mem_start_o     (mem_start),
    .mem_write_o     (mem_write),
    .mem_addr_o      (mem_addr),
    .mem_bytes_o     (mem_bytes),
    .mem_read_i      (flash_valid),
    .mem_rdata_i     (flash_data),
    .mem_write_i     (1'b0),
    .mem_wvalid_o    (mem_wvalid),
    .mem_wdata_o     (mem_wdata),
    .mem_last_i      (flash_last),
    .host_en_i       (act_q && said_q[68]),
    .host_we_i       (said_q[67]),
    .host_bank_i     (said_q[66]),
    .host_addr_i     (said_q[65:52]),
    .host_be_i       (said_q[51:48]),
    .host_wdata_i    (said_q[31:0]),
    .host_rdata_o    (host_rdata),
    .counter_select_i(said_q[5:0]),
    .counter_part_i  (said_q[7:6]),
    .counter_word_o  (counter_word),
    .retire_o        (),
    .retire_index_o  (),
    .retire_start_o  (),
    .retire_busy_o   (),
    .now_o           ()
  );

  logic       sck_en;
  logic [3:0] io, io_oe;
  for (genvar i = 0; i < 4; i++) begin : gen_io
    assign flash_io[i] = io_oe[i] ? io[i] : 1'bz;
  end
  assign flash_sck_o = sck_en;
  hil_fit_qspi u_flash (
    .clk_i,
    .rst_i         (rst),
    .start_i       (mem_start),
    .addr_i        (24'(mem_addr)),
    .bytes_i       (13'(mem_bytes)),
    .valid_o       (flash_valid),
    .data_o        (flash_data),
    .last_o        (flash_last),
    .left_o        (),
    .idle_o        (flash_idle),
    .serial_start_i(1'b0),
    .serial_data_i (8'h00),
    .serial_keep_i (1'b0),
    .serial_data_o (flash_serial),
    .cs_no         (flash_cs_no),
    .sck_en_o      (sck_en),
    .io_o          (io),
    .io_oe_o       (io_oe),
    .io_i          (flash_io)
  );
endmodule
