// The first design for a new board: clock, reset and flash, nothing of the core. It reads the flash's first bytes over and over, Bursts times 256 of
// them (64 KB), and shows: green, each reading gave the checksum of the first one; red, a reading differed or the flash has no QE bit.
module hil_icebreaker_bringup #(
  parameter int unsigned Bursts = 256
) (
  input  logic       clk_12m_i,
  input  logic       button_ni,
  output logic       led_red_no,
  output logic       led_green_no,
  output logic       flash_cs_no,
  output logic       flash_sck_o,
  inout  wire  [3:0] flash_io
);
  localparam int unsigned BurstW = 9;
  localparam int unsigned BurstBytes = 256;

  if (Bursts < 1 || Bursts > 256) $error("the place of a burst has eight bits");

  logic clk, rst, button_n;
  hil_icebreaker_clock u_clock (
    .clk_12m_i,
    .clk_o(clk),
    .rst_o(rst)
  );
  hil_synchroniser u_button (
    .clk_i(clk),
    .in_i (button_ni),
    .out_o(button_n)
  );

  logic        ready, fault, start, busy_q, read, last, cs_n, sck_en;
  logic [7:0]  data;
  logic [3:0]  io, io_oe, io_in;
  logic [7:0]  burst_q;
  logic [15:0] sum_q, sum, first_q;
  logic        has_first_q, same_q, differs_q, last_burst;

  hil_backend_flash #(
    .ClockHz(24_000_000), .BurstW(BurstW), .LatencyCycles(16)
  ) u_flash (
    .clk_i   (clk),
    .rst_i   (rst),
    .ready_o (ready),
    .fault_o (fault),
    .start_i (start),
    .addr_i  ({8'b0, burst_q, 8'b0}),
    .bytes_i (BurstW'(BurstBytes)),
    .read_o  (read),
    .rdata_o (data),
    .last_o  (last),
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

  // While the button is held nothing is read.
  assign start      = ready && !busy_q && button_n;
  assign last_burst = burst_q == 8'(Bursts - 1);
  assign sum        = {sum_q[14:0], sum_q[15]} ^ {8'b0, data};
  always_ff @(posedge clk) begin
    if (rst) begin
      busy_q      <= 1'b0;
      burst_q     <= '0;
      sum_q       <= '0;
      has_first_q <= 1'b0;
      same_q      <= 1'b0;
      differs_q   <= 1'b0;
    end else begin
      if (start) busy_q <= 1'b1;
      else if (last) busy_q <= 1'b0;
      if (read) sum_q <= sum;
      if (last) burst_q <= last_burst ? '0 : burst_q + 1'b1;
      // The last byte of a burst comes before its last cycle.
      if (last && last_burst) begin
        sum_q       <= '0;
        has_first_q <= 1'b1;
        if (!has_first_q) first_q <= sum_q;
        else if (first_q == sum_q) same_q <= 1'b1;
        else differs_q <= 1'b1;
      end
    end
  end
  assign led_green_no = !(same_q && !differs_q);
  assign led_red_no   = !(differs_q || fault);
endmodule
