  // Widths that follow from the machine's constants; part of every hil_machine_pkg, because not every Yosys lets one package read another.
  localparam int unsigned WordBits = 8 * WordBytes;
  localparam int unsigned WordShift = $clog2(WordBytes);

  localparam int unsigned BankWords = BankBytes / WordBytes;
  localparam int unsigned BankW = Banks > 1 ? $clog2(Banks) : 1;
  localparam int unsigned WordAddrW = $clog2(BankWords);
  // Byte address within a bank; one bit more than needed, so that the address behind the last row wraps nowhere.
  localparam int unsigned ByteAddrW = $clog2(BankBytes) + 1;

  // Scratchpad clients of the Vector unit: two reads and a write, or a read and two writes, take place at once where there are banks for it.
  localparam int unsigned VectorPorts = Banks > 2 ? 3 : 2;

  localparam int unsigned AccRowW = AccumulatorRows > 1 ? $clog2(AccumulatorRows) : 1;
  // Counts that an instruction gives and the machine bounds, their largest value included.
  localparam int unsigned RowCountW = $clog2(AccumulatorRows + 1);
  localparam int unsigned TileCountW = $clog2(WeightTiles + 1);
  localparam int unsigned PsumW = 16 + $clog2(Rows);

  localparam int unsigned WeightRows = 2 * WeightTiles * Rows;
  localparam int unsigned WeightAddrW = $clog2(WeightRows);
  localparam int unsigned TileAddrW = $clog2(2 * WeightTiles);

  localparam int unsigned ParameterGroups = (ParameterEntries + Lanes - 1) / Lanes;
  localparam int unsigned ParameterAddrW = ParameterGroups > 1 ? $clog2(ParameterGroups) : 1;
  localparam int unsigned RowScaleW = RowScaleEntries > 1 ? $clog2(RowScaleEntries) : 1;

  // The port moves the widest region's beats; narrower ones are gathered by the memory controller.
  localparam int unsigned PortBits = 8 * PortBytes;

  // Counts of an instruction: rows, row words, tiles, strides.
  localparam int unsigned CountW = 12;
  // Bytes of one port instruction: two counts and a word, a tile record, or a table.
  localparam int unsigned LengthW = 2 * CountW + 8;
  localparam int unsigned BurstW = 17;
  localparam int unsigned IndexW = 24;
  localparam int unsigned CounterW = 48;
  localparam int unsigned ParameterBits = 64;
  localparam int unsigned RowScaleBits = 24;

  // Bits of parameter entries written at once.
  localparam int unsigned ParameterW = PortBits > ParameterBits ? PortBits : ParameterBits;

  // What the Load unit gathers beats into.
  localparam logic [1:0] KindWords = 2'd0;
  localparam logic [1:0] KindWeights = 2'd1;
  localparam logic [1:0] KindEntries = 2'd2;
  localparam logic [1:0] KindTable = 2'd3;
