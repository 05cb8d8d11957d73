// Stand-in for the link: UART at 8 clocks a bit with receive and transmit FIFOs in block RAM, CRC-32 of both directions, and a DMA that
// moves frame payload between FIFO and scratchpad without the controller.
// Not checked: the frame format, which the link's own issue defines.
module hil_fit_uart_link (
  input  logic        clk_i,
  input  logic        rst_i,
  input  logic        rx_i,
  output logic        tx_o,
  input  logic [3:0]  reg_addr_i,
  input  logic [31:0] reg_wdata_i,
  input  logic        reg_we_i,
  output logic [31:0] reg_rdata_o,
  output logic [16:0] dma_addr_o,
  output logic [7:0]  dma_wdata_o,
  output logic        dma_we_o,
  output logic        dma_valid_o,
  input  logic [7:0]  dma_rdata_i
);
  logic [7:0] fifo[0:511];
  logic [8:0] rx_head_q, rx_tail_q;
  logic [2:0] rx_phase_q, tx_phase_q;
  logic [3:0] rx_bit_q, tx_bit_q;
  logic [8:0] rx_shift_q;
  logic [9:0] tx_shift_q;
  logic       rx_meta_q, rx_q, rx_valid_q;
  logic [31:0] crc_rx_q, crc_tx_q;
  logic [16:0] dma_addr_q;
  logic [15:0] dma_left_q;
  logic        dma_out_q;
  logic [7:0]  fifo_q;

  // One bit of CRC-32 a cycle while a byte is shifted.
  logic rx_sample, tx_step;
  assign rx_sample = rx_bit_q != 4'd0 && rx_phase_q == 3'd3;
  assign tx_step = tx_bit_q != 4'd0 && tx_phase_q == 3'd7;

  always_ff @(posedge clk_i) begin
    rx_meta_q <= rx_i;
    rx_q <= rx_meta_q;
    rx_phase_q <= rx_phase_q + 3'd1;
    rx_valid_q <= 1'b0;
    if (rx_bit_q == 4'd0) begin
      rx_phase_q <= 3'd0;
      if (!rx_q) rx_bit_q <= 4'd10;
    end else if (rx_sample) begin
      rx_shift_q <= {rx_q, rx_shift_q[8:1]};
      rx_bit_q <= rx_bit_q - 4'd1;
      rx_valid_q <= rx_bit_q == 4'd1;
      crc_rx_q <= (crc_rx_q >> 1) ^ ((crc_rx_q[0] ^ rx_q) ? 32'hEDB88320 : 32'd0);
    end
    tx_phase_q <= tx_phase_q + 3'd1;
    if (tx_bit_q == 4'd0) begin
      tx_phase_q <= 3'd0;
      if (dma_out_q && dma_left_q != 16'd0) begin
        tx_shift_q <= {1'b1, dma_rdata_i, 1'b0};
        tx_bit_q <= 4'd10;
        dma_left_q <= dma_left_q - 16'd1;
        dma_addr_q <= dma_addr_q + 17'd1;
      end
    end else if (tx_step) begin
      tx_shift_q <= {1'b1, tx_shift_q[9:1]};
      tx_bit_q <= tx_bit_q - 4'd1;
      crc_tx_q <= (crc_tx_q >> 1) ^ ((crc_tx_q[0] ^ tx_shift_q[0]) ? 32'hEDB88320 : 32'd0);
    end
    fifo_q <= fifo[rx_tail_q];
    if (rx_valid_q) begin
      fifo[rx_head_q] <= rx_shift_q[7:0];
      rx_head_q <= rx_head_q + 9'd1;
    end
    if (!dma_out_q && dma_left_q != 16'd0 && rx_head_q != rx_tail_q) begin
      rx_tail_q <= rx_tail_q + 9'd1;
      dma_left_q <= dma_left_q - 16'd1;
      dma_addr_q <= dma_addr_q + 17'd1;
    end
    if (reg_we_i) begin
      unique case (reg_addr_i)
        4'd0: dma_addr_q <= reg_wdata_i[16:0];
        4'd1: {dma_out_q, dma_left_q} <= reg_wdata_i[16:0];
        4'd2: crc_rx_q <= reg_wdata_i;
        4'd3: crc_tx_q <= reg_wdata_i;
        4'd4: rx_tail_q <= rx_tail_q + 9'd1;
        default: ;
      endcase
    end
    if (rst_i) begin
      rx_head_q <= 9'd0;
      rx_tail_q <= 9'd0;
      rx_bit_q <= 4'd0;
      tx_bit_q <= 4'd0;
      dma_left_q <= 16'd0;
      tx_shift_q <= 10'h3ff;
    end
  end

  always_comb begin
    unique case (reg_addr_i)
      4'd0: reg_rdata_o = {rx_head_q != rx_tail_q, 14'd0, dma_addr_q};
      4'd1: reg_rdata_o = {16'd0, dma_left_q};
      4'd2: reg_rdata_o = crc_rx_q;
      4'd3: reg_rdata_o = crc_tx_q;
      default: reg_rdata_o = {24'd0, fifo_q};
    endcase
  end
  assign tx_o = tx_shift_q[0];
  assign dma_addr_o = dma_addr_q;
  assign dma_wdata_o = fifo_q;
  assign dma_we_o = !dma_out_q;
  assign dma_valid_o = dma_left_q != 16'd0 && (dma_out_q || rx_head_q != rx_tail_q);
endmodule
