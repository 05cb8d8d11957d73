// The iCEBreaker: the core with the flash as its main memory, clock, reset, registered pins. Its host is a stand-in (hil_host_standin).
module hil_icebreaker_top (
  input  logic       clk_12m_i,
  input  logic       uart_rx_i,
  output logic       uart_tx_o,
  input  logic       button_ni,
  output logic       led_red_no,
  output logic       led_green_no,
  output logic       flash_cs_no,
  output logic       flash_sck_o,
  inout  wire  [3:0] flash_io
);
  localparam int unsigned MainAddrW = hil_machine_pkg::MainAddrW;
  localparam int unsigned IndexW = hil_machine_pkg::IndexW;
  localparam int unsigned BurstW = hil_machine_pkg::BurstW;

  if (hil_machine_pkg::RegionCount != 1 || hil_machine_pkg::PortBytes != 1 || hil_machine_pkg::Region0CyclesPerBeat != 2)
    $error("the board's one region is the flash: half a byte a cycle");

  logic clk, rst, rx, button_n;
  hil_icebreaker_clock u_clock (
    .clk_12m_i,
    .clk_o(clk),
    .rst_o(rst)
  );
  hil_synchroniser u_rx (
    .clk_i(clk),
    .in_i (uart_rx_i),
    .out_o(rx)
  );
  hil_synchroniser u_button (
    .clk_i(clk),
    .in_i (button_ni),
    .out_o(button_n)
  );

  logic                                  flash_ready, flash_fault, start, running, done;
  logic [MainAddrW-1:0]                  entry, mem_addr;
  logic [IndexW-1:0]                     count, trap_index;
  logic [3:0]                            trap_reason;
  logic                                  mem_start, mem_write, mem_read, mem_last, mem_wvalid;
  logic [BurstW-1:0]                     mem_bytes;
  logic [7:0]                            mem_rdata, mem_wdata;
  logic                                  host_en, host_we;
  logic [hil_machine_pkg::BankW-1:0]     host_bank;
  logic [hil_machine_pkg::WordAddrW-1:0] host_addr;
  logic [hil_machine_pkg::WordBytes-1:0] host_be;
  logic [hil_machine_pkg::WordBits-1:0]  host_wdata, host_rdata;
  logic                                  counters_ready, counter_read;
  logic [5:0]                            counter_select;
  logic [1:0]                            counter_part;
  logic [15:0]                           counter_word;

  // The registers, by words.
  logic        bus_valid, bus_write, bus_done;
  logic [11:0] bus_addr, byte_addr;
  logic [31:0] bus_wdata, bus_rdata;
  logic [7:0]  byte_wdata, byte_rdata;
  logic        byte_we, byte_re, core_rst;
  hil_registers_word u_bus (
    .clk_i(clk),
    .rst_i(rst),
    .valid_i(bus_valid),
    .write_i(bus_write),
    .addr_i (bus_addr),
    .wdata_i(bus_wdata),
    .valid_o(bus_done),
    .rdata_o(bus_rdata),
    .addr_o (byte_addr),
    .wdata_o(byte_wdata),
    .we_o   (byte_we),
    .re_o   (byte_re),
    .rdata_i(byte_rdata)
  );
  hil_registers u_registers (
    .clk_i(clk),
    .rst_i(rst),
    .addr_i          (byte_addr),
    .wdata_i         (byte_wdata),
    .we_i            (byte_we),
    .re_i            (byte_re),
    .others_i        ('0),
    .rdata_o         (byte_rdata),
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
  hil_host_standin u_host (
    .clk_i(clk),
    .rst_i(rst),
    .rx_i        (rx),
    .shift_i     (button_n),
    .tx_o        (uart_tx_o),
    .bus_valid_o (bus_valid),
    .bus_write_o (bus_write),
    .bus_addr_o  (bus_addr),
    .bus_wdata_o (bus_wdata),
    .bus_valid_i (bus_done),
    .bus_rdata_i (bus_rdata),
    .host_en_o   (host_en),
    .host_we_o   (host_we),
    .host_bank_o (host_bank),
    .host_addr_o (host_addr),
    .host_be_o   (host_be),
    .host_wdata_o(host_wdata),
    .host_rdata_i(host_rdata)
  );

  hil_core #(
    .Trace(1'b0)
  ) u_core (
    .clk_i           (clk),
    .rst_i           (core_rst),
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
    .mem_read_i      (mem_read),
    .mem_rdata_i     (mem_rdata),
    .mem_write_i     (1'b0),
    .mem_wvalid_o    (mem_wvalid),
    .mem_wdata_o     (mem_wdata),
    .mem_last_i      (mem_last),
    .host_en_i       (host_en),
    .host_we_i       (host_we),
    .host_bank_i     (host_bank),
    .host_addr_i     (host_addr),
    .host_be_i       (host_be),
    .host_wdata_i    (host_wdata),
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

  logic       cs_n, sck_en;
  logic [3:0] io, io_oe, io_in;
  hil_backend_flash #(
    .ClockHz(hil_machine_pkg::ClockHz), .BurstW(BurstW), .LatencyCycles(hil_machine_pkg::Region0ReadLatencyCycles)
  ) u_flash (
    .clk_i   (clk),
    .rst_i   (core_rst),
    .ready_o (flash_ready),
    .fault_o (flash_fault),
    .start_i (mem_start),
    .addr_i  (24'(mem_addr)),
    .bytes_i (mem_bytes),
    .read_o  (mem_read),
    .rdata_o (mem_rdata),
    .last_o  (mem_last),
    .cs_no   (cs_n),
    .sck_en_o(sck_en),
    .io_o    (io),
    .io_oe_o (io_oe),
    .io_i    (io_in)
  );
  hil_icebreaker_flash_pads u_pads (
    .clk_i   (clk),
    .cs_ni   (cs_n),
    .sck_en_i(sck_en),
    .io_i    (io),
    .io_oe_i (io_oe),
    .io_o    (io_in),
    .flash_cs_no,
    .flash_sck_o,
    .flash_io
  );

  assign led_red_no   = !(flash_fault || trap_reason != '0);
  assign led_green_no = !running;

  // No region is writable.
  logic unused;
  assign unused = mem_write ^ mem_wvalid ^ (^mem_wdata);
endmodule
