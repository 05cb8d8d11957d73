// What the boards with a large chip have in common: the core, 32 KB of the chip's RAM in place of the external memory's controller, and a stand-in
// for controller and link. It is there to be synthesised and counted; NOT FOR LOADING.
// Page crossings of the machine's region are not modelled, so cycles are not those of the machine.
module hil_board_system (
  input  logic clk_i,
  input  logic rst_i,
  input  logic rx_i,
  input  logic button_i,
  output logic tx_o,
  output logic running_o,
  output logic trapped_o
);
  logic rx, button;
  hil_synchroniser u_rx (
    .clk_i,
    .in_i (rx_i),
    .out_o(rx)
  );
  hil_synchroniser u_button (
    .clk_i,
    .in_i (button_i),
    .out_o(button)
  );

  logic                                  start, running, done, mem_start, mem_write, mem_read, mem_take, mem_last, mem_wvalid, host_en, host_we;
  logic [hil_machine_pkg::MainAddrW-1:0] entry, mem_addr;
  logic [hil_machine_pkg::IndexW-1:0]    count, trap_index;
  logic [3:0]                            trap_reason;
  logic [hil_machine_pkg::BurstW-1:0]    mem_bytes;
  logic [hil_machine_pkg::PortBits-1:0]  mem_rdata, mem_wdata;
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
    .clk_i,
    .rst_i,
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
    .clk_i,
    .rst_i,
    .addr_i          (byte_addr),
    .wdata_i         (byte_wdata),
    .we_i            (byte_we),
    .re_i            (byte_re),
    .others_i        ('0),
    .rdata_o         (byte_rdata),
    .ready_i         (1'b1),
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
    .clk_i,
    .rst_i,
    .rx_i        (rx),
    .shift_i     (button),
    .tx_o,
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
    .clk_i,
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
    .mem_write_i     (mem_take),
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

  hil_backend_ram #(
    .AddrW             (hil_machine_pkg::MainAddrW),
    .BurstW            (hil_machine_pkg::BurstW),
    .BeatBytes         (hil_machine_pkg::PortBytes),
    .WordBytes         (hil_machine_pkg::PortBytes),
    .Words             (32768 / hil_machine_pkg::PortBytes),
    .ReadLatencyCycles (hil_machine_pkg::Region0ReadLatencyCycles),
    .WriteLatencyCycles(hil_machine_pkg::Region0WriteLatencyCycles)
  ) u_memory (
    .clk_i,
    .rst_i     (core_rst),
    .start_i   (mem_start),
    .is_write_i(mem_write),
    .addr_i    (mem_addr),
    .bytes_i   (mem_bytes),
    .read_o    (mem_read),
    .rdata_o   (mem_rdata),
    .write_o   (mem_take),
    .wdata_i   (mem_wdata),
    .last_o    (mem_last)
  );

  assign running_o = running;
  assign trapped_o = trap_reason != '0;
  // A back end that waits for nothing takes what is there.
  logic unused;
  assign unused = mem_wvalid;
endmodule
