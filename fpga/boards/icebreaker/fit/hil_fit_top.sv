// The whole of the UP5K as it is meant to be filled: the real core, and stand-ins for what is not there yet. It is placed and routed to see
// that it fits and how fast it is. NOT FOR LOADING: the stand-ins have the size and the paths of what they stand for, not its function.
// Every output of a block reaches a pin or a register, so that nothing is optimised away.
module hil_fit_top (
  input  logic       clk_i,
  input  logic       uart_rx_i,
  output logic       uart_tx_o,
  output logic       flash_cs_no,
  output logic       flash_sck_o,
  inout  wire  [3:0] flash_io,
  inout  wire        scl_io,
  inout  wire        sda_io,
  output logic [2:0] led_o
);
  localparam int unsigned MainAddrW = hil_machine_pkg::MainAddrW;
  localparam int unsigned IndexW = hil_machine_pkg::IndexW;
  localparam int unsigned BurstW = hil_machine_pkg::BurstW;
  localparam int unsigned WordAddrW = hil_machine_pkg::WordAddrW;

  // Block RAM reads zero at first: reset for a while after configuration.
  logic [7:0] reset_q = '0;
  logic       rst;
  assign rst = !reset_q[7];
  always_ff @(posedge clk_i) if (rst) reset_q <= reset_q + 1'b1;

  // The controller's bus: 0 core, 1 link, 2 peripherals, 3 scratchpad, 4 flash.
  logic [23:0] bus_addr;
  logic [31:0] bus_wdata, bus_rdata, bus_rdata_q;
  logic        bus_we, bus_valid, bus_ready_q, irq, watchdog;
  logic [4:0]  at;
  for (genvar i = 0; i < 5; i++) begin : gen_decode
    assign at[i] = bus_valid && bus_addr[22:20] == 3'(i);
  end

  // Code comes from the flash, byte by byte, while the controller is held.
  logic [11:0] boot_addr_q;
  logic [31:0] boot_data_q;
  logic [1:0]  boot_byte_q;
  logic        boot_we_q, booting_q;
  logic        flash_valid, flash_last, flash_idle;
  logic [7:0]  flash_data, flash_serial;
  always_ff @(posedge clk_i) begin
    boot_we_q <= booting_q && flash_valid && boot_byte_q == 2'd3;
    if (boot_we_q) boot_addr_q <= boot_addr_q + 1'b1;
    if (booting_q && flash_valid) begin
      boot_byte_q <= boot_byte_q + 1'b1;
      boot_data_q <= {flash_data, boot_data_q[31:8]};
    end
    if (boot_we_q && boot_addr_q[9:0] == '1) booting_q <= 1'b0;
    if (rst) begin
      booting_q   <= 1'b1;
      boot_addr_q <= '0;
      boot_byte_q <= '0;
    end
  end

  hil_fit_serial_core u_controller (
    .clk_i,
    .rst_i      (rst || booting_q || watchdog),
    .bus_addr_o (bus_addr),
    .bus_wdata_o(bus_wdata),
    .bus_we_o   (bus_we),
    .bus_valid_o(bus_valid),
    .bus_rdata_i(bus_rdata_q),
    .bus_ready_i(bus_ready_q),
    .irq_i      (irq),
    .boot_we_i  (boot_we_q),
    .boot_addr_i(boot_addr_q),
    .boot_data_i(boot_data_q)
  );

  // The core.
  logic [MainAddrW-1:0] entry_q, mem_addr;
  logic [IndexW-1:0]    count_q, trap_index;
  logic                 start_q, running, done, mem_start, mem_write, mem_wvalid;
  logic [3:0]           trap_reason;
  logic [BurstW-1:0]    mem_bytes;
  logic [7:0]           mem_wdata;
  logic [15:0]          counter_word;
  logic [7:0]           counter_q;
  logic                 host_en, host_we;
  logic [16:0]          host_addr;
  logic [3:0]           host_be;
  logic [31:0]          host_wdata, host_rdata;
  always_ff @(posedge clk_i) begin
    start_q <= at[0] && bus_we && bus_addr[3:2] == 2'd2;
    if (at[0] && bus_we && bus_addr[3:2] == 2'd0) entry_q <= bus_wdata[MainAddrW-1:0];
    if (at[0] && bus_we && bus_addr[3:2] == 2'd1) count_q <= bus_wdata[IndexW-1:0];
    if (at[0] && bus_we && bus_addr[3:2] == 2'd3) counter_q <= bus_wdata[7:0];
  end

  hil_core #(
    .Trace(1'b0)
  ) u_core (
    .clk_i,
    .rst_i           (rst),
    .start_i         (start_q),
    .entry_i         (entry_q),
    .count_i         (count_q),
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
    .host_en_i       (host_en),
    .host_we_i       (host_we),
    .host_bank_i     (host_addr[16]),
    .host_addr_i     (host_addr[15:2]),
    .host_be_i       (host_be),
    .host_wdata_i    (host_wdata),
    .host_rdata_o    (host_rdata),
    .counter_select_i(counter_q[7:2]),
    .counter_part_i  (counter_q[1:0]),
    .counter_word_o  (counter_word),
    .retire_o        (),
    .retire_index_o  (),
    .retire_start_o  (),
    .retire_busy_o   (),
    .now_o           ()
  );

  // The link's DMA and the controller share the core's host port.
  logic [31:0] link_rdata, peripheral_rdata;
  logic [16:0] dma_addr;
  logic [7:0]  dma_wdata, dma_rdata;
  logic        dma_we, dma_valid;
  logic [1:0]  dma_byte_q;
  assign host_en    = dma_valid || at[3];
  assign host_we    = dma_valid ? dma_we : bus_we;
  assign host_addr  = dma_valid ? dma_addr : bus_addr[16:0];
  assign host_be    = dma_valid ? 4'h1 << dma_addr[1:0] : '1;
  assign host_wdata = dma_valid ? {4{dma_wdata}} : bus_wdata;
  assign dma_rdata  = 8'(host_rdata >> {dma_byte_q, 3'b0});
  always_ff @(posedge clk_i) dma_byte_q <= dma_addr[1:0];

  hil_fit_uart_link u_link (
    .clk_i,
    .rst_i      (rst),
    .rx_i       (uart_rx_i),
    .tx_o       (uart_tx_o),
    .reg_addr_i (bus_addr[5:2]),
    .reg_wdata_i(bus_wdata),
    .reg_we_i   (at[1] && bus_we),
    .reg_rdata_o(link_rdata),
    .dma_addr_o (dma_addr),
    .dma_wdata_o(dma_wdata),
    .dma_we_o   (dma_we),
    .dma_valid_o(dma_valid),
    .dma_rdata_i(dma_rdata)
  );

  logic scl_oe, sda_oe;
  assign scl_io = scl_oe ? 1'b0 : 1'bz;
  assign sda_io = sda_oe ? 1'b0 : 1'bz;
  hil_fit_peripherals u_peripherals (
    .clk_i,
    .rst_i     (rst),
    .addr_i    (bus_addr[6:2]),
    .wdata_i   (bus_wdata),
    .we_i      (at[2] && bus_we),
    .rdata_o   (peripheral_rdata),
    .irq_o     (irq),
    .watchdog_o(watchdog),
    .scl_oe_o  (scl_oe),
    .sda_oe_o  (sda_oe),
    .scl_i     (scl_io),
    .sda_i     (sda_io),
    .led_o
  );

  // The flash: bursts of the core, code at the start, single bytes for the controller.
  logic       boot_start_q, sck_en;
  logic [3:0] io, io_oe;
  always_ff @(posedge clk_i) boot_start_q <= rst;
  for (genvar i = 0; i < 4; i++) begin : gen_io
    assign flash_io[i] = io_oe[i] ? io[i] : 1'bz;
  end
  SB_IO #(
    .PIN_TYPE(6'b010000)
  ) u_sck (
    .PACKAGE_PIN(flash_sck_o),
    .OUTPUT_CLK (clk_i),
    .D_OUT_0    (1'b0),
    .D_OUT_1    (sck_en)
  );
  hil_fit_qspi u_flash (
    .clk_i,
    .rst_i         (rst),
    .start_i       (mem_start || (boot_start_q && !rst)),
    .addr_i        (booting_q ? 24'h100000 : 24'(mem_addr)),
    .bytes_i       (booting_q ? 13'd4096 : 13'(mem_bytes)),
    .valid_o       (flash_valid),
    .data_o        (flash_data),
    .last_o        (flash_last),
    .idle_o        (flash_idle),
    .serial_start_i(at[4] && bus_we),
    .serial_data_i (bus_wdata[7:0]),
    .serial_keep_i (bus_wdata[8]),
    .serial_data_o (flash_serial),
    .cs_no         (flash_cs_no),
    .sck_en_o      (sck_en),
    .io_o          (io),
    .io_oe_o       (io_oe),
    .io_i          (flash_io)
  );

  always_comb begin
    unique case (bus_addr[22:20])
      3'd0: bus_rdata = bus_addr[2] ? {8'(counter_word[15:8]), 3'b0, trap_index}
          : {counter_word, trap_reason, running, done, flash_idle, mem_write, mem_wvalid, mem_wdata[0], 6'b0};
      3'd1: bus_rdata = link_rdata;
      3'd2: bus_rdata = peripheral_rdata;
      3'd3: bus_rdata = host_rdata;
      default: bus_rdata = {24'b0, flash_serial};
    endcase
  end
  always_ff @(posedge clk_i) begin
    bus_rdata_q <= bus_rdata;
    bus_ready_q <= bus_valid && !bus_ready_q;
  end
endmodule
