// Stand-in for the quad SPI flash port: continuous quad I/O reads (6 address nibbles, mode byte, 4 dummies), half a byte a cycle,
// byte stream out, and a single-bit path for the controller (wake-up, QE bit, identification, programming).
// Not checked: the flash's time-outs and page program.
module hil_fit_qspi (
  input  logic        clk_i,
  input  logic        rst_i,
  input  logic        start_i,
  input  logic [23:0] addr_i,
  input  logic [12:0] bytes_i,
  output logic        valid_o,
  output logic [7:0]  data_o,
  output logic        last_o,
  // Bytes behind the one at data_o.
  output logic [12:0] left_o,
  output logic        idle_o,
  input  logic        serial_start_i,
  input  logic [7:0]  serial_data_i,
  input  logic        serial_keep_i,
  output logic [7:0]  serial_data_o,
  output logic        cs_no,
  output logic        sck_en_o,
  output logic [3:0]  io_o,
  output logic [3:0]  io_oe_o,
  input  logic [3:0]  io_i
);
  typedef enum logic [2:0] {Idle, Select, Address, Dummy, Data, Gap, Serial} state_e;
  state_e      state_q;
  logic [31:0] shift_q;
  logic [3:0]  count_q;
  logic [12:0] left_q;
  logic        low_q;
  logic [3:0]  in_q, high_q;
  always_ff @(posedge clk_i) begin
    in_q <= io_i;
    valid_o <= 1'b0;
    unique case (state_q)
      Idle: begin
        shift_q <= {addr_i, 8'hA5};
        left_q <= bytes_i;
        count_q <= 4'd0;
        low_q <= 1'b0;
        if (start_i) state_q <= Select;
        else if (serial_start_i) begin
          state_q <= Serial;
          shift_q[31:24] <= serial_data_i;
        end
      end
      Select: state_q <= Address;
      Address: begin
        shift_q <= {shift_q[27:0], 4'd0};
        count_q <= count_q + 4'd1;
        if (count_q == 4'd7) begin
          state_q <= Dummy;
          count_q <= 4'd0;
        end
      end
      Dummy: begin
        count_q <= count_q + 4'd1;
        if (count_q == 4'd4) state_q <= Data;
      end
      Data: begin
        low_q <= !low_q;
        high_q <= in_q;
        valid_o <= low_q;
        data_o <= {high_q, in_q};
        if (low_q) begin
          left_q <= left_q - 13'd1;
          if (left_q == 13'd1) state_q <= Gap;
        end
      end
      Gap: state_q <= Idle;
      Serial: begin
        shift_q[31:24] <= {shift_q[30:24], in_q[1]};
        count_q <= count_q + 4'd1;
        if (count_q == 4'd7) state_q <= serial_keep_i ? Idle : Gap;
      end
      default: state_q <= Idle;
    endcase
    cs_no <= state_q == Idle || state_q == Gap;
    sck_en_o <= state_q != Idle && state_q != Gap && state_q != Select;
    io_o <= (state_q == Serial) ? {3'b110, shift_q[31]} : shift_q[31:28];
    io_oe_o <= (state_q == Serial) ? 4'b1101 : {4{state_q == Address}};
    if (rst_i) state_q <= Idle;
  end
  assign last_o = valid_o && left_q == 13'd0;
  assign left_o = left_q;
  assign idle_o = state_q == Idle;
  assign serial_data_o = shift_q[31:24];
endmodule
