// Stand-in for the link: UART at 8 clocks a bit, bytes received in a FIFO of a block RAM, CRC-32 of the frame under way in either direction, and
// a DMA that moves payload between line and scratchpad without the controller. A frame is answered after it has ended, so one CRC serves both.
// The controller has bytes: the address and the length move in through their highest byte; its own accesses of the scratchpad are at that address.
// Not checked: the frame format, which the link's own issue defines.
module hil_fit_uart_link (
  input  logic        clk_i,
  input  logic        rst_i,
  // The line, by now of this clock.
  input  logic        rx_i,
  output logic        tx_o,
  input  logic [2:0]  addr_i,
  input  logic [7:0]  wdata_i,
  input  logic        we_i,
  input  logic        re_i,
  output logic [7:0]  rdata_o,
  // The scratchpad, a byte at a time; what is read is there in the next cycle.
  output logic [16:0] pad_addr_o,
  output logic [7:0]  pad_wdata_o,
  output logic        pad_we_o,
  output logic        pad_en_o,
  input  logic [7:0]  pad_rdata_i
);
  (* no_rw_check *) logic [7:0] fifo[0:511];
  logic [8:0]  head_q, tail_q;
  logic [2:0]  rx_phase_q, tx_phase_q;
  logic [3:0]  rx_bit_q, tx_bit_q;
  logic [8:0]  rx_shift_q;
  logic [9:0]  tx_shift_q;
  logic        valid_q;
  logic [31:0] crc_q;
  logic [16:0] addr_q;
  logic [15:0] left_q;
  logic        out_q, crc_out_q, fetched_q;
  logic [7:0]  fifo_q;

  logic rx_sample, tx_step, tx_idle, dma_in, dma_out, empty, single, in_bit;
  assign rx_sample = rx_bit_q != '0 && rx_phase_q == 3'd3;
  assign tx_step   = tx_phase_q == 3'd7;
  assign tx_idle   = tx_bit_q == '0;
  assign empty     = head_q == tail_q;
  // A byte of the FIFO goes to the scratchpad, or one of the scratchpad to the line.
  assign dma_in    = !out_q && left_q != '0 && fetched_q;
  assign dma_out   = out_q && left_q != '0 && tx_idle && !fetched_q;
  assign single    = (we_i || re_i) && addr_i == 3'd3;
  assign in_bit    = out_q ? tx_shift_q[0] : rx_i;

  assign pad_addr_o  = addr_q;
  assign pad_wdata_o = single ? wdata_i : fifo_q;
  assign pad_we_o    = single ? we_i : dma_in;
  assign pad_en_o    = single || dma_in || dma_out;

  always_ff @(posedge clk_i) begin
    rx_phase_q <= rx_bit_q == '0 ? '0 : rx_phase_q + 3'd1;
    valid_q    <= rx_sample && rx_bit_q == 4'd1;
    if (rx_bit_q == '0) begin
      if (!rx_i) rx_bit_q <= 4'd10;
    end else if (rx_sample) rx_bit_q <= rx_bit_q - 4'd1;
    if (rx_sample) rx_shift_q <= {rx_i, rx_shift_q[8:1]};
    // One bit of CRC-32 while a bit of a byte goes by; behind the payload its own bits go out.
    if (we_i && addr_i == 3'd2) crc_q <= '1;
    else if (out_q ? tx_step && !tx_idle : rx_sample)
      crc_q <= {1'b0, crc_q[31:1]} ^ ((crc_q[0] ^ in_bit) && !crc_out_q ? 32'hEDB88320 : '0);

    tx_phase_q <= tx_idle ? '0 : tx_phase_q + 3'd1;
    if (tx_idle) begin
      if (fetched_q && out_q) begin
        tx_shift_q <= {1'b1, pad_rdata_i, 1'b0};
        tx_bit_q   <= 4'd10;
      end
    end else if (tx_step) begin
      tx_shift_q <= {1'b1, tx_shift_q[9:2], crc_out_q ? ~crc_q[0] : tx_shift_q[1]};
      tx_bit_q   <= tx_bit_q - 4'd1;
    end

    fifo_q    <= fifo[tail_q];
    fetched_q <= out_q ? dma_out : !empty && !dma_in;
    if (valid_q) begin
      fifo[head_q] <= rx_shift_q[7:0];
      head_q       <= head_q + 9'd1;
    end
    if (dma_in || (re_i && addr_i == 3'd4)) tail_q <= tail_q + 9'd1;

    if (we_i && addr_i == 3'd0) addr_q <= {wdata_i, addr_q[16:8]};
    else if (pad_en_o) addr_q <= addr_q + 17'd1;
    if (we_i && addr_i == 3'd1) left_q <= {wdata_i, left_q[15:8]};
    else if (dma_in || dma_out) left_q <= left_q - 16'd1;
    if (we_i && addr_i == 3'd2) {crc_out_q, out_q} <= wdata_i[1:0];
    if (rst_i) begin
      head_q     <= '0;
      tail_q     <= '0;
      rx_bit_q   <= '0;
      tx_bit_q   <= '0;
      left_q     <= '0;
      tx_shift_q <= '1;
    end
  end

  logic done, right;
  assign done    = left_q == '0;
  assign right   = crc_q == 32'hDEBB20E3;
  assign rdata_o = addr_i[2] ? fifo_q : addr_i[0] ? pad_rdata_i : {4'b0, tx_idle, done, right, empty};
  assign tx_o    = tx_shift_q[0];
endmodule
