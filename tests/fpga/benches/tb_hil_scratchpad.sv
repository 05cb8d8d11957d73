// hil_scratchpad against arrays: all clients at random, each bank with one owner at most, every byte enable, banks that are not there. What a read gives is looked at in
// the next cycle, and once more after pauses. Arguments: +seed=N, +cycles=N.
`timescale 1ns / 100ps
module tb_hil_scratchpad #(
  parameter int unsigned Banks   = 3,
  parameter int unsigned Clients = 5
);
  localparam int unsigned WordBytes = 4;
  localparam int unsigned BankW = $clog2(Banks + 1);
  localparam int unsigned BankWords = 16;
  localparam int unsigned AddrW = 4;

  logic clk = 1'b0;
  always #5 clk = !clk;
  logic [Clients-1:0]             en = '0, we = '0;
  logic [Clients*BankW-1:0]       bank = '0;
  logic [Clients*AddrW-1:0]       addr = '0;
  logic [Clients*WordBytes-1:0]   be = '0;
  logic [Clients*WordBytes*8-1:0] wdata = '0, rdata;
  hil_scratchpad #(
    .Banks(Banks), .BankWords(BankWords), .WordBytes(WordBytes), .BankW(BankW), .AddrW(AddrW), .Clients(Clients)
  ) u_dut (
    .clk_i(clk), .en_i(en), .we_i(we), .bank_i(bank), .addr_i(addr), .be_i(be), .wdata_i(wdata), .rdata_o(rdata)
  );

  logic [31:0] mem[Banks][BankWords];
  logic [31:0] due[Clients], value;
  logic [Clients-1:0] read, absent;
  logic [Banks:0]     taken;
  int unsigned seed = 1, cycles = 20000, reads, writes, nowhere, b, a, kind;

  initial begin
    void'($value$plusargs("seed=%d", seed));
    void'($value$plusargs("cycles=%d", cycles));
    void'($urandom(seed));
    @(negedge clk);
    // Every word is written once, so that nothing unknown is read.
    for (b = 0; b < Banks; b++) begin
      for (a = 0; a < BankWords; a++) begin
        value = $urandom;
        {en, we} = {Clients'(1), Clients'(1)};
        bank[0+:BankW] = BankW'(b);
        addr[0+:AddrW] = AddrW'(a);
        be[0+:WordBytes] = '1;
        wdata[0+:32] = value;
        mem[b][a] = value;
        @(negedge clk);
      end
    end
    repeat (cycles) begin
      taken = '0;
      read  = '0;
      for (int unsigned k = 0; k < Clients; k++) begin
        kind = $urandom % 3;
        b    = $urandom % (Banks + 1);
        a    = $urandom % BankWords;
        en[k] = kind != 0 && !taken[b];
        we[k] = kind == 1;
        bank[k*BankW+:BankW] = BankW'(b);
        addr[k*AddrW+:AddrW] = AddrW'(a);
        value = $urandom;
        wdata[k*32+:32] = value;
        be[k*WordBytes+:WordBytes] = WordBytes'($urandom);
        if (en[k]) begin
          // A bank that is not there may have many owners.
          if (b < Banks) taken[b] = 1'b1;
          else nowhere++;
          if (!we[k]) begin
            read[k] = 1'b1;
            due[k]  = b < Banks ? mem[b][a] : '0;
            reads++;
          end else if (b < Banks) begin
            for (int unsigned i = 0; i < WordBytes; i++) if (be[k*WordBytes+i]) mem[b][a][8*i+:8] = value[8*i+:8];
            writes++;
          end
        end
      end
      @(negedge clk);
      for (int unsigned k = 0; k < Clients; k++) begin
        if (read[k] && rdata[k*32+:32] != due[k]) $fatal(1, "client %0d reads %h, not %h", k, rdata[k*32+:32], due[k]);
      end
    end
    if (reads == 0 || writes == 0 || nowhere == 0) $fatal(1, "something never happened");
    $display("bench: %0d reads, %0d writes, %0d of a bank that is not there", reads, writes, nowhere);
    $finish;
  end
endmodule
