// The core's registers on a bus of 32-bit words, read and written as wholes, over those on a bus of bytes (hil_registers).
// Latency: a write takes 4 cycles, a read 5: valid_o in the last one, with the word in that cycle alone for a read. A counter's low word takes 9,
// in which its high word is read too, and kept for the next read of that. Throughput: one access at a time.
// Ordering: none is asked for before valid_o of the one before. Not checked: that; the low bits of addr_i, which are ignored.
module hil_registers_word (
  input  logic        clk_i,
  input  logic        rst_i,
  input  logic        valid_i,
  input  logic        write_i,
  input  logic [11:0] addr_i,
  input  logic [31:0] wdata_i,
  output logic        valid_o,
  output logic [31:0] rdata_o,
  // The bus of bytes.
  output logic [11:0] addr_o,
  output logic [7:0]  wdata_o,
  output logic        we_o,
  output logic        re_o,
  input  logic [7:0]  rdata_i
);
  localparam logic [2:0] CounterPage = hil_contract_pkg::RegCounterBase[11:9];

  logic [11:2] addr_q;
  logic [31:0] data_q, high_q;
  logic [3:0]  byte_q, last;
  logic        busy_q, write_q, counter, ends;
  assign counter = !write_q && addr_q[11:9] == CounterPage;
  // The byte that was asked for in the cycle before is there; a counter's high word is there already.
  assign last    = write_q ? 4'd3 : counter && !addr_q[2] ? 4'd8 : counter ? 4'd0 : 4'd4;
  assign ends    = busy_q && byte_q == last;

  assign addr_o  = {addr_q, 2'b0} | 12'(byte_q[2:0]);
  assign wdata_o = data_q[7:0];
  assign we_o    = busy_q && write_q;
  assign re_o    = busy_q && !write_q && !ends;
  always_ff @(posedge clk_i) begin
    if (!busy_q && valid_i) begin
      addr_q  <= addr_i[11:2];
      data_q  <= wdata_i;
      write_q <= write_i;
      byte_q  <= '0;
    end else if (busy_q) begin
      byte_q <= byte_q + 1'b1;
      if (write_q || (byte_q >= 4'd1 && byte_q <= 4'd4)) data_q <= {rdata_i, data_q[31:8]};
      if (byte_q > 4'd4) high_q <= {rdata_i, high_q[31:8]};
    end
    busy_q <= !rst_i && (busy_q ? !ends : valid_i);
  end
  assign valid_o = ends;
  assign rdata_o = !counter ? {rdata_i, data_q[31:8]} : addr_q[2] ? high_q : data_q;

  // Registers are words.
  logic unused;
  assign unused = ^addr_i[1:0];
endmodule
