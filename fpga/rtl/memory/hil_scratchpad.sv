// The scratchpad: equal single-ported banks behind their clients.
// Latency: read data one cycle after the request. Throughput: one access a bank and cycle.
// Ordering: none needed; a bank has one owner at a time, which the verifier proves and the assertion below watches.
// Not checked: addresses beyond the banks reach no bank.
module hil_scratchpad #(
  parameter int unsigned Banks     = 2,
  parameter int unsigned BankWords = 16,
  parameter int unsigned WordBytes = 4,
  parameter int unsigned BankW     = 1,
  parameter int unsigned AddrW     = 4,
  parameter int unsigned Clients   = 4
) (
  input  logic                           clk_i,
  input  logic [Clients-1:0]             en_i,
  input  logic [Clients-1:0]             we_i,
  input  logic [Clients*BankW-1:0]       bank_i,
  input  logic [Clients*AddrW-1:0]       addr_i,
  input  logic [Clients*WordBytes-1:0]   be_i,
  input  logic [Clients*WordBytes*8-1:0] wdata_i,
  output logic [Clients*WordBytes*8-1:0] rdata_o
);
  localparam int unsigned WordBits = WordBytes * 8;

  logic [Banks*WordBits-1:0] rdata;

  for (genvar b = 0; b < Banks; b++) begin : gen_bank
    logic [Clients-1:0]     hit;
    logic                   we;
    logic [WordBytes-1:0]   be;
    logic [AddrW-1:0]       addr;
    logic [WordBytes*8-1:0] wdata;

    always_comb begin
      we    = 1'b0;
      be    = '0;
      addr  = '0;
      wdata = '0;
      for (int unsigned k = 0; k < Clients; k++) begin
        hit[k] = en_i[k] && bank_i[k*BankW+:BankW] == BankW'(b);
        if (hit[k]) begin
          we    = we | we_i[k];
          be    = be | be_i[k*WordBytes+:WordBytes];
          addr  = addr | addr_i[k*AddrW+:AddrW];
          wdata = wdata | wdata_i[k*WordBytes*8+:WordBytes*8];
        end
      end
    end

    hil_ram_1rw #(
      .Bytes(WordBytes),
      .Depth(BankWords),
      .AddrW(AddrW)
    ) u_ram (
      .clk_i,
      .en_i   (|hit),
      .we_i   (we),
      .be_i   (be),
      .addr_i (addr),
      .wdata_i(wdata),
      .rdata_o(rdata[b*WordBits+:WordBits])
    );

`ifdef HIL_ASSERT
    always_ff @(posedge clk_i) begin
      assert ((hit & (hit - 1'b1)) == '0)
      else $error("bank %0d has two owners: %b", b, hit);
    end
`endif
  end

  for (genvar k = 0; k < Clients; k++) begin : gen_client
    logic [BankW-1:0]    bank_q;
    logic [WordBits-1:0] chosen;
    always_ff @(posedge clk_i) begin
      if (en_i[k] && !we_i[k]) bank_q <= bank_i[k*BankW+:BankW];
    end
    // A bank that is not there gives zeros.
    always_comb begin
      chosen = '0;
      for (int unsigned b = 0; b < Banks; b++) begin
        if (bank_q == BankW'(b)) chosen = chosen | rdata[b*WordBits+:WordBits];
      end
    end
    assign rdata_o[k*WordBits+:WordBits] = chosen;
  end
endmodule
