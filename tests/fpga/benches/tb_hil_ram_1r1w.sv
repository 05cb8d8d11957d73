// A memory with one read and one write port, the general one or a board's, against an array: at random, writes and reads at once, pauses, and the last
// word read kept while nothing is read. Never is an address read while it is written, and none that nothing was written to.
module tb_hil_ram_1r1w #(
  parameter int unsigned Width = 16,
  parameter int unsigned Depth = 128
);
  localparam int unsigned AddrW = $clog2(Depth);
  localparam int unsigned Cycles = 100000;

  logic clk = 1'b0;
  always #5 clk = !clk;

  logic             we = 1'b0, re = 1'b0;
  logic [AddrW-1:0] waddr = '0, raddr = '0;
  logic [Width-1:0] wdata = '0, rdata;
  hil_ram_1r1w #(
    .Width(Width), .Depth(Depth), .AddrW(AddrW)
  ) dut (
    .clk_i(clk), .we_i(we), .waddr_i(waddr), .wdata_i(wdata), .re_i(re), .raddr_i(raddr), .rdata_o(rdata)
  );

  logic [Width-1:0] model[0:Depth-1];
  bit               written[0:Depth-1];
  logic [Width-1:0] expected = '0;
  int unsigned      reads = 0, holds = 0, places = 0, wrong = 0;
  bit               read_before = 1'b0;

  initial begin
    int unsigned seed;
    if (!$value$plusargs("seed=%d", seed)) seed = 1;
    void'($urandom(seed));
    for (int d = 0; d < int'(Depth); d++) written[d] = 1'b0;
    for (int unsigned i = 0; i < Cycles; i++) begin
      we    = $urandom_range(0, 2) == 0;
      waddr = AddrW'($urandom_range(0, Depth - 1));
      wdata = Width'({$urandom, $urandom, $urandom, $urandom});
      raddr = AddrW'($urandom_range(0, Depth - 1));
      // Often just what was written last, and its neighbours.
      if ($urandom_range(0, 3) == 0) raddr = AddrW'((32'(waddr) + $urandom_range(0, 1)) % Depth);
      re    = $urandom_range(0, 1) == 0 && written[raddr] && !(we && waddr == raddr);
      if (re) expected = model[raddr];
      if (we) begin
        places += 32'(!written[waddr]);
        model[waddr]   = wdata;
        written[waddr] = 1'b1;
      end
      @(posedge clk);
      #1;
      reads += 32'(re);
      holds += 32'(!re && read_before);
      read_before |= re;
      if (read_before && rdata != expected) begin
        if (wrong == 0) $display("cycle %0d, address %0d: %h, expected %h", i, raddr, rdata, expected);
        wrong++;
      end
    end
    $display("bench: %0d reads, %0d held, %0d of %0d words, %0d wrong", reads, holds, places, Depth, wrong);
    if (wrong != 0) $fatal(1, "wrong words");
    if (reads < Cycles / 8 || holds < Cycles / 8 || places != Depth) $fatal(1, "too little was tried");
    $finish;
  end
endmodule
