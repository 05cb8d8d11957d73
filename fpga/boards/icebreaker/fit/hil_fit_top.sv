// The whole of the UP5K as it is meant to be filled: core, flash, clock, reset and pads as they are, and stand-ins for what is not there yet, which is
// controller, link and peripherals. It is placed and routed to see that it fits and how fast it is. NOT FOR LOADING: a stand-in has the size and the
// paths of what it stands for, not its function. Every output of a block reaches a pin or a register, so that nothing is optimised away.
module hil_fit_top (
  input  logic       clk_12m_i,
  input  logic       uart_rx_i,
  output logic       uart_tx_o,
  output logic       led_red_no,
  output logic       led_green_no,
  inout  wire        scl_io,
  inout  wire        sda_io,
  output logic       flash_cs_no,
  output logic       flash_sck_o,
  inout  wire  [3:0] flash_io
);
  localparam int unsigned MainAddrW = hil_machine_pkg::MainAddrW;
  localparam int unsigned IndexW = hil_machine_pkg::IndexW;
  localparam int unsigned BurstW = hil_machine_pkg::BurstW;

  // The watchdog resets all. Core and flash are in reset, too, when the registers say so, and while the controller has the flash: a segment ends with it.
  logic clk, board_rst, rst, core_rst, memory_rst, watchdog, flash_taken, running, rx, scl, sda;
  hil_icebreaker_clock u_clock (
    .clk_12m_i,
    .clk_o(clk),
    .rst_o(board_rst)
  );
  // Each from a register: the core's longest paths begin at its reset.
  always_ff @(posedge clk) begin
    rst        <= board_rst || watchdog;
    memory_rst <= core_rst || flash_taken;
  end
  hil_synchroniser u_rx (
    .clk_i(clk),
    .in_i (uart_rx_i),
    .out_o(rx)
  );
  hil_synchroniser u_scl (
    .clk_i(clk),
    .in_i (scl_io),
    .out_o(scl)
  );
  hil_synchroniser u_sda (
    .clk_i(clk),
    .in_i (sda_io),
    .out_o(sda)
  );

  // The controller's bus, a byte wide: 0 registers of the core, 1 link and scratchpad, 2 peripherals, 3 flash, each with offsets of 12 bits.
  logic [13:0] bus_addr;
  logic [7:0]  bus_wdata, bus_rdata, link_rdata, peripheral_rdata, others;
  logic [2:0]  flash_rdata;
  logic        bus_we, bus_re;
  logic [3:0]  at;
  for (genvar i = 0; i < 4; i++) begin : gen_decode
    assign at[i] = bus_addr[13:12] == 2'(i);
  end

  // The flash is the core's while it runs, and the controller's code else.
  logic        code_start, flash_ready, flash_fault, flash_valid, flash_last;
  logic [14:0] code_addr;
  logic [7:0]  flash_data;
  hil_fit_serial_core u_controller (
    .clk_i        (clk),
    .rst_i        (rst),
    .bus_addr_o   (bus_addr),
    .bus_wdata_o  (bus_wdata),
    .bus_we_o     (bus_we),
    .bus_re_o     (bus_re),
    .bus_rdata_i  (bus_rdata),
    .flash_ready_i(flash_ready && !running),
    .flash_start_o(code_start),
    .flash_addr_o (code_addr),
    .flash_valid_i(flash_valid),
    .flash_data_i (flash_data)
  );

  // The registers, and the core.
  logic [MainAddrW-1:0] entry, mem_addr;
  logic [IndexW-1:0]    count, trap_index;
  logic                 start, done, mem_start, mem_write, mem_wvalid, counters_ready, counter_read;
  logic [3:0]           trap_reason;
  logic [BurstW-1:0]    mem_bytes;
  logic [7:0]           mem_wdata;
  logic [5:0]           counter_select;
  logic [1:0]           counter_part;
  logic [15:0]          counter_word;
  hil_registers u_registers (
    .clk_i           (clk),
    .rst_i           (rst),
    .addr_i          (bus_addr[11:0]),
    .wdata_i         (bus_wdata),
    .we_i            (at[0] && bus_we),
    .re_i            (at[0] && bus_re),
    .others_i        (others),
    .rdata_o         (bus_rdata),
    .ready_i         (flash_ready),
    .core_rst_o      (core_rst),
    .start_o         (start),
    .entry_o         (entry),
    .count_o         (count),
    .running_i       (running),
    .done_i          (done),
    .trap_reason_i   (trap_reason),
    .trap_index_i    (trap_index),
    .counters_ready_i(counters_ready),
    .counter_read_o  (counter_read),
    .counter_select_o(counter_select),
    .counter_part_o  (counter_part),
    .counter_word_i  (counter_word)
  );

  logic        pad_en, pad_we;
  logic [16:0] pad_addr;
  logic [7:0]  pad_wdata, pad_rdata;
  logic [31:0] host_rdata;
  logic [1:0]  pad_byte_q;
  always_ff @(posedge clk) if (pad_en) pad_byte_q <= pad_addr[1:0];
  assign pad_rdata = 8'(host_rdata >> {pad_byte_q, 3'b0});
  hil_core #(
    .Trace(1'b0)
  ) u_core (
    .clk_i           (clk),
    .rst_i           (memory_rst),
    .start_i         (start),
    .entry_i         (entry),
    .count_i         (count),
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
    .host_en_i       (pad_en),
    .host_we_i       (pad_we),
    .host_bank_i     (pad_addr[16]),
    .host_addr_i     (pad_addr[15:2]),
    .host_be_i       (4'h1 << pad_addr[1:0]),
    .host_wdata_i    ({4{pad_wdata}}),
    .host_rdata_o    (host_rdata),
    .counters_ready_o(counters_ready),
    .counter_read_i  (counter_read),
    .counter_select_i(counter_select),
    .counter_part_i  (counter_part),
    .counter_word_o  (counter_word),
    .retire_o        (),
    .retire_index_o  (),
    .retire_start_o  (),
    .retire_busy_o   (),
    .now_o           ()
  );

  hil_fit_uart_link u_link (
    .clk_i      (clk),
    .rst_i      (rst),
    .rx_i       (rx),
    .tx_o       (uart_tx_o),
    .addr_i     (bus_addr[2:0]),
    .wdata_i    (bus_wdata),
    .we_i       (at[1] && bus_we),
    .re_i       (at[1] && bus_re),
    .rdata_o    (link_rdata),
    .pad_addr_o (pad_addr),
    .pad_wdata_o(pad_wdata),
    .pad_we_o   (pad_we),
    .pad_en_o   (pad_en),
    .pad_rdata_i(pad_rdata)
  );

  logic       scl_oe, sda_oe;
  logic [1:0] led;
  assign scl_io = scl_oe ? 1'b0 : 1'bz;
  assign sda_io = sda_oe ? 1'b0 : 1'bz;
  assign {led_red_no, led_green_no} = led;
  hil_fit_peripherals u_peripherals (
    .clk_i     (clk),
    .rst_i     (rst),
    .addr_i    (bus_addr[2:0]),
    .wdata_i   (bus_wdata),
    .we_i      (at[2] && bus_we),
    .re_i      (at[2] && bus_re),
    .rdata_o   (peripheral_rdata),
    .watchdog_o(watchdog),
    .scl_oe_o  (scl_oe),
    .sda_oe_o  (sda_oe),
    .scl_i     (scl),
    .sda_i     (sda),
    .led_o     (led)
  );

  // The flash: bursts of the core, the controller's code, single bits of the controller.
  logic       cs_n, sck_en, pad_cs_n, pad_sck_en;
  logic [3:0] io, io_oe, pad_io, pad_io_oe, pad_io_in;
  hil_backend_flash #(
    .ClockHz(hil_machine_pkg::ClockHz), .BurstW(BurstW), .LatencyCycles(hil_machine_pkg::Region0ReadLatencyCycles)
  ) u_flash (
    .clk_i   (clk),
    .rst_i   (memory_rst),
    .ready_o (flash_ready),
    .fault_o (flash_fault),
    .start_i (mem_start || code_start),
    .addr_i  (running ? 24'(mem_addr) : {9'h020, code_addr[14:2], 2'b0}),
    .bytes_i (running ? mem_bytes : BurstW'(4)),
    .read_o  (flash_valid),
    .rdata_o (flash_data),
    .last_o  (flash_last),
    .cs_no   (cs_n),
    .sck_en_o(sck_en),
    .io_o    (io),
    .io_oe_o (io_oe),
    .io_i    (pad_io_in)
  );
  hil_fit_flash_serial u_flash_serial (
    .clk_i   (clk),
    .rst_i   (rst),
    .wdata_i (bus_wdata[3:0]),
    .we_i    (at[3] && bus_we),
    .rdata_o (flash_rdata),
    .taken_o (flash_taken),
    .ready_i (flash_ready),
    .fault_i (flash_fault),
    .cs_ni   (cs_n),
    .sck_en_i(sck_en),
    .io_i    (io),
    .io_oe_i (io_oe),
    .cs_no   (pad_cs_n),
    .sck_en_o(pad_sck_en),
    .io_o    (pad_io),
    .io_oe_o (pad_io_oe),
    .answer_i(pad_io_in[1])
  );
  hil_icebreaker_flash_pads u_pads (
    .clk_i   (clk),
    .cs_ni   (pad_cs_n),
    .sck_en_i(pad_sck_en),
    .io_i    (pad_io),
    .io_oe_i (pad_io_oe),
    .io_o    (pad_io_in),
    .flash_cs_no,
    .flash_sck_o,
    .flash_io
  );

  // A read gives what was there in its first cycle: of the scratchpad, what the read before asked for.
  always_comb begin
    unique case (bus_addr[13:12])
      2'd0:    others = '0;
      2'd1:    others = link_rdata;
      2'd2:    others = peripheral_rdata;
      default: others = {5'b0, flash_rdata};
    endcase
  end

  // No region is writable.
  logic unused;
  assign unused = mem_write ^ mem_wvalid ^ (^mem_wdata);
endmodule
