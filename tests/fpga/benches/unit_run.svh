  // For the benches of whole units: clock, scratchpad, and one instruction after the other, each to its last cycle or broken off by a reset. The bench has cycle(),
  // which passes one and clears runs with an instruction's last, and beside(), what else goes on in each cycle of an instruction.
  localparam int unsigned Endless = 100000;
  logic clk = 1'b0, rst = 1'b1, start = 1'b0, runs = 1'b0;
  always #5 clk = !clk;
  logic [127:0]        word = '0;
  logic [WordBits-1:0] pad[Banks*BankWords];
  int unsigned         age, broken;

  function automatic logic [7:0] pad_byte(input int unsigned in_bank, input int unsigned a);
    return pad[in_bank*BankWords+a/WordBytes][8*(a%WordBytes)+:8];
  endfunction

  // The seed, a scratchpad full of it, and a reset.
  task automatic begin_bench();
    int unsigned seed;
    seed = 1;
    void'($value$plusargs("seed=%d", seed));
    void'($urandom(seed));
    for (int unsigned i = 0; i < Banks * BankWords; i++) pad[i] = WordBits'({$urandom, $urandom, $urandom, $urandom});
    broken = 0;
    repeat (2) @(negedge clk);
    rst = 1'b0;
  endtask

  // Runs what stands in word; one in breaks instructions is broken off after some cycles. Gives whether it came to its end.
  task automatic run_word(input int unsigned breaks, input int unsigned longest, output logic whole);
    int unsigned most;
    most  = $urandom % breaks == 0 ? 1 + $urandom % longest : Endless;
    start = 1'b1;
    cycle();
    start = 1'b0;
    // The queue has moved on.
    word  = {$urandom, $urandom, $urandom, $urandom};
    runs  = 1'b1;
    age   = 1;
    while (runs && age < most) begin
      beside();
      cycle();
    end
    whole = !runs;
    if (whole) return;
    if (most == Endless) $fatal(1, "an instruction does not end");
    broken++;
    runs = 1'b0;
    rst  = 1'b1;
    cycle();
    rst = 1'b0;
  endtask
