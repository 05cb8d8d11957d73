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
  localparam int unsigned ColumnCountW = $clog2(Columns + 1);
  localparam int unsigned DepthW = $clog2(WeightTiles * Rows + 1);
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
  // Bytes of one port instruction: at most a bank, a slot of tile records, all parameters, or a table.
  localparam int unsigned WeightBytes = WeightTiles * TileRecordBytes;
  localparam int unsigned MostOf2 = BankBytes > WeightBytes ? BankBytes : WeightBytes;
  localparam int unsigned LengthBytes = MostOf2 > 8 * ParameterEntries ? MostOf2 : 8 * ParameterEntries;
  // And as much again as lies before it in its first burst. A STORE may read one word over and over.
  localparam int unsigned LengthW = HasWritableRegion != 0 ? 2 * CountW + 8 : $clog2(LengthBytes + LargestBurstBytes);
  localparam int unsigned BurstW = $clog2(LargestBurstBytes + 1);
  // Instructions of a segment; one takes 16 bytes of main memory. The trace gives their places in whole bytes.
  localparam int unsigned IndexW = MainAddrW - 3 < 24 ? MainAddrW - 3 : 24;
  localparam int unsigned TraceIndexW = 24;
  localparam int unsigned SlotW = $clog2(2 * FetchInstructions);
  // What a cycle of dispatch moves of an instruction: all of it, or, where there is time and a queue of one, an eighth.
  localparam int unsigned ChunkBits = DispatchCycles >= 10 && PortBytes <= 2 && QueueDepth == 1 ? 16 : 128;
  localparam int unsigned CounterW = 48;
  // How a counter is read: its low bits, then three times 16.
  localparam int unsigned CounterLowBits = 8;
  // The serial vector unit, for machines that give a rounding its cycles, takes parameters by 16 bits; what a count of entries is of its memory's words.
  localparam int unsigned Serial = RoundCycles != 0 ? 1 : 0;
  localparam int unsigned ParameterBits = Serial != 0 ? 16 : 64;
  localparam int unsigned ParameterShift = Serial != 0 ? 2 : 0;
  localparam int unsigned RowScaleBits = 24;

  // Bits of parameter entries written at once.
  localparam int unsigned ParameterW = PortBits > ParameterBits ? PortBits : ParameterBits;

  // What the Load unit gathers beats into.
  localparam logic [1:0] KindWords = 2'd0;
  localparam logic [1:0] KindWeights = 2'd1;
  localparam logic [1:0] KindEntries = 2'd2;
  localparam logic [1:0] KindTable = 2'd3;
