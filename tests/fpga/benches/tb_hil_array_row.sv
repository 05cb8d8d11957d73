// One row of the array, the general one or a board's, against integers: first every weight with every activation, in both columns of a pair, then at random with
// takes, sums from the north and clears in any cycle. What is expected follows from the module's header: pair p registers an activation p + 1 cycles after act_i, takes
// the weights p cycles after take_i, and answers in the cycle after.
module tb_hil_array_row #(
  parameter int unsigned Columns = 4,
  parameter int unsigned PsumW   = 20,
  parameter bit          First   = 1'b0
);
  localparam int unsigned Pairs = (Columns + 1) / 2;

  logic clk = 1'b0;
  always #5 clk = !clk;

  logic [Columns*8-1:0]     weights = '0;
  logic                     take = 1'b0;
  logic                     clear = 1'b0;
  logic [7:0]               act = '0;
  logic [Columns*PsumW-1:0] north = '0;
  logic [Columns*PsumW-1:0] south;

  hil_array_row #(
    .Columns(Columns),
    .PsumW  (PsumW),
    .First  (First)
  ) dut (
    .clk_i(clk), .weights_i(weights), .take_i(take), .clear_i(clear), .act_i(act), .psums_i(north), .psums_o(south)
  );

  // What has been seen: activations and takes of the last cycles, the newest first, and each column's weight.
  int acts [0:Pairs];
  bit takes[0:Pairs];
  int weight_of[0:Columns-1];
  int expected [0:Columns-1];
  bit known    [0:Columns-1];

  int unsigned products = 0;
  int unsigned wrong = 0;

  function automatic int signed_byte(input logic [7:0] b);
    return int'(signed'(b));
  endfunction

  // One clock cycle with the inputs as they are.
  task automatic cycle();
    // What the registers take at the edge.
    for (int c = 0; c < int'(Columns); c++) begin
      int p;
      p = c / 2;
      expected[c] = clear && !First ? 0 : (First ? 0 : int'(signed'(north[c*PsumW+:PsumW]))) + acts[p] * weight_of[c];
      known[c] = weight_of[c] != 1000 && acts[p] != 1000;
    end
    for (int p = int'(Pairs); p > 0; p--) begin
      acts[p]  = acts[p-1];
      takes[p] = takes[p-1];
    end
    acts[0]  = signed_byte(act);
    takes[0] = take;
    for (int c = 0; c < int'(Columns); c++) if (takes[c/2]) weight_of[c] = signed_byte(weights[c*8+:8]);
    @(posedge clk);
    #1;
    for (int c = 0; c < int'(Columns); c++) begin
      if (known[c]) begin
        products++;
        if (int'(signed'(south[c*PsumW+:PsumW])) != expected[c]) begin
          if (wrong == 0) $display("column %0d: %0d, expected %0d", c, signed'(south[c*PsumW+:PsumW]), expected[c]);
          wrong++;
        end
      end
    end
  endtask

  initial begin
    int unsigned random, seed, step;
    if (!$value$plusargs("seed=%d", seed)) seed = 1;
    // Of the 65 536 pairs of weights, every so many.
    if (!$value$plusargs("step=%d", step)) step = 61;
    for (int c = 0; c < int'(Columns); c++) weight_of[c] = 1000;
    for (int p = 0; p <= int'(Pairs); p++) begin
      acts[p]  = 1000;
      takes[p] = 1'b0;
    end

    for (int unsigned pair = 0; pair < 65536; pair += step) begin
      for (int c = 0; c < int'(Columns); c++) weights[c*8+:8] = c % 2 != 0 ? pair[15:8] : pair[7:0];
      for (int unsigned a = 0; a < 256; a++) begin
        take = a == 0;
        act  = a[7:0];
        cycle();
      end
    end

    random = seed * 2654435761 + 1;
    for (int i = 0; i < 200000; i++) begin
      // Marsaglia, Xorshift RNGs (2003).
      for (int c = 0; c < int'(Columns); c++) begin
        random ^= random << 13; random ^= random >> 17; random ^= random << 5;
        weights[c*8+:8] = random[7:0];
        if (random[9:8] == 0) weights[c*8+:8] = random[10] ? 8'h80 : 8'h7f;
        north[c*PsumW+:PsumW] = {{(PsumW - 18){random[30]}}, random[30:13]};
      end
      random ^= random << 13; random ^= random >> 17; random ^= random << 5;
      act   = random[7:0];
      take  = random[9:8] == 0;
      clear = !First && random[14:10] == 0;
      if (random[16:15] == 0) act = random[17] ? 8'h80 : 8'h7f;
      cycle();
    end

    $display("bench: %0d products, %0d wrong", products, wrong);
    if (wrong != 0) $fatal(1, "wrong products");
    $finish;
  end
endmodule
