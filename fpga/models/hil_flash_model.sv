// Behaviour of a Winbond W25Q128JV as far as the flash back end uses it, for simulation alone.
// From its data sheet: FFh leaves continuous read; ABh leaves power-down, tRES1 3 us; B9h enters it; 35h reads status register 2; 31h writes it after
// 50h (volatile) or 06h; EBh with QE set: 6 clocks of address, 2 of mode, 4 dummies, then half a byte a clock, most significant half first, crossing
// pages and beginning again at zero behind the last byte; mode bits 5:4 = 10 leave the next /CS low without an opcode. Input is taken at rising SCK, output changes
// TclqvNs after falling SCK; /CS high for 50 ns between commands (10 ns between reads).
// Every rule that is broken is counted in errors, with a message. What is said in power-down, but ABh, is ignored as the chip does, and is no error.
// Not modelled: programming, erasing, other commands (an error); time-outs of power-up.
`timescale 1ns / 100ps
module hil_flash_model #(
  parameter bit          Asleep     = 1'b1,
  parameter bit          Continuous = 1'b0,
  parameter bit          Qe         = 1'b0,
  // The QE bit does not take.
  parameter bit          QeStuck    = 1'b0,
  parameter int unsigned TclqvNs    = 7
) (
  input  logic       cs_ni,
  input  logic       sck_i,
  input  logic [3:0] io_i,
  output logic [3:0] io_o,
  output logic [3:0] io_oe_o
);
  localparam realtime Tres1Ns = 3000.0;
  localparam realtime TdvchNs = 2.0;

  logic [7:0]  mem[0:(1<<24)-1] /*verilator public_flat_rw*/;
  int unsigned errors = 0, reads = 0;

  logic        asleep = Asleep, continuous = Continuous, qe = Qe, volatile_write = 1'b0, quad, was_read = 1'b0;
  int unsigned clocks = 0;
  logic [7:0]  opcode = '0;
  logic [31:0] word = '0;
  logic [23:0] address = '0;
  realtime     high_at = -1000.0, awake_at = -1.0, changed_at = -1000.0;

  task automatic wrong(input string what);
    errors++;
    $display("flash: %s at %0t", what, $realtime);
  endtask

  always @(io_i) changed_at = $realtime;

  initial begin
    io_o    = '0;
    io_oe_o = '0;
  end

  always @(negedge cs_ni) begin
    clocks = 0;
    quad   = continuous;
    opcode = continuous ? 8'hEB : 8'h00;
    if ($realtime - high_at < (was_read && continuous ? 10.0 : 50.0)) wrong("/CS was high too short");
    if ($realtime < awake_at) wrong("a command within tRES1");
    if (sck_i) wrong("/CS falls while SCK is high");
  end

  // Of the quad command, counted from its first clock of address.
  int unsigned at;
  always @(posedge sck_i) begin
    if (!cs_ni) begin
      if ($realtime - changed_at < TdvchNs) wrong("input changes within tDVCH");
      if (quad) begin
        at = continuous ? clocks : clocks - 8;
        word = {word[27:0], io_i};
        if (at == 5) address = word[23:0];
        if (at == 7 && !asleep) continuous = word[5:4] == 2'b10;
      end else begin
        word = {word[30:0], io_i[0]};
        if (clocks == 7) begin
          opcode = word[7:0];
          quad   = opcode == 8'hEB && !asleep;
          if (quad && !qe) wrong("a quad read without QE");
        end
      end
      clocks++;
    end
  end

  logic was_continuous = 1'b0;
  always @(negedge cs_ni) was_continuous = continuous;

  logic [3:0] out, out_oe;
  always @(negedge sck_i) begin
    if (!cs_ni) begin
      out    = '0;
      out_oe = '0;
      at     = was_continuous ? clocks : clocks - 8;
      if (quad && (was_continuous || clocks >= 8) && at >= 12 && !asleep) begin
        out    = at[0] ? mem[address][3:0] : mem[address][7:4];
        out_oe = '1;
        if (at[0]) address = address + 1'b1;
      end
      if (opcode == 8'h35 && !quad && !asleep && clocks >= 8 && clocks < 16) begin
        out    = {2'b00, clocks == 14 && qe, 1'b0};
        out_oe = 4'b0010;
      end
      io_o    <= #(TclqvNs) out;
      io_oe_o <= #(TclqvNs) out_oe;
    end
  end

  always @(posedge cs_ni) begin
    high_at = $realtime;
    io_oe_o <= #(TclqvNs) '0;
    was_read = quad;
    if (quad) begin
      reads++;
    end else if (clocks >= 8) begin
      if (clocks % 8 != 0) wrong("a command ends within a byte");
      unique case (opcode)
        8'hFF: ;
        8'hAB: begin
          asleep   = 1'b0;
          awake_at = $realtime + Tres1Ns;
        end
        8'hB9: asleep = 1'b1;
        8'h35: ;
        8'h50, 8'h06: volatile_write = !asleep;
        8'h31: begin
          if (!asleep && !volatile_write) wrong("a status is written without being enabled");
          if (!asleep && volatile_write && clocks == 16 && !QeStuck) qe = word[1];
          volatile_write = 1'b0;
        end
        default: if (!asleep) wrong($sformatf("opcode %02x", opcode));
      endcase
    end else if (clocks != 0) begin
      wrong("a command of less than a byte");
    end
  end
endmodule
