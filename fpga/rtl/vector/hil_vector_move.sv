// The Vector unit's side of the scratchpad: operands read and put together, results written (hil_vector_read, hil_vector_write), and the
// extra operand, which is ADD's second source or LAYER_NORM's int8 output beside an int16 one.
// Ports: 0 reads, 1 writes, 2 (only if VectorPorts is 3) takes the extra operand where it is read or written at the same time.
// Latency, throughput, ordering: those of the two.
module hil_vector_move (
  input  logic                                    clk_i,
  input  logic                                    rst_i,
  input  logic                                    start_i,
  // Of the instruction that starts.
  input  logic [2:0]                              kind_i,
  input  logic [23:0]                             read_i,
  input  logic [23:0]                             extra_i,
  input  logic [23:0]                             write_i,
  input  logic [hil_machine_pkg::CountW-1:0]         read_stride_i,
  input  logic [hil_machine_pkg::CountW-1:0]         write_stride_i,
  input  logic                                    read_wide_i,
  input  logic                                    write_wide_i,
  input  logic                                    has_read_i,
  input  logic                                    has_extra_i,
  input  logic                                    parallel_i,
  input  logic                                    swap_i,
  input  logic [2:0]                              write_phase_i,
  input  logic [2:0]                              extra_phase_i,
  // The slots, and old values wanted by REQUANTIZE.
  input  logic                                    active_i,
  input  logic                                    first_pass_i,
  input  logic                                    slot_last_i,
  input  logic                                    row_last_i,
  input  logic [2:0]                              phase_i,
  input  logic                                    old_i,
  input  logic                                    old_last_i,
  output logic [hil_machine_pkg::Lanes*16-1:0]       group_o,
  output logic [hil_machine_pkg::Lanes*16-1:0]       other_o,
  output logic                                    early_o,
  output logic                                    ready_o,
  // Results.
  input  logic [hil_machine_pkg::Lanes-1:0]          tail_i,
  input  logic                                    load_narrow_i,
  input  logic                                    load_wide_i,
  input  logic                                    last_narrow_i,
  input  logic                                    last_wide_i,
  input  logic [hil_machine_pkg::Lanes*8-1:0]        narrow_i,
  input  logic [hil_machine_pkg::Lanes*16-1:0]       wide_i,
  // Scratchpad clients.
  output logic [hil_machine_pkg::VectorPorts-1:0]                           pad_en_o,
  output logic [hil_machine_pkg::VectorPorts-1:0]                           pad_we_o,
  output logic [hil_machine_pkg::VectorPorts*hil_machine_pkg::BankW-1:0]       pad_bank_o,
  output logic [hil_machine_pkg::VectorPorts*hil_machine_pkg::WordAddrW-1:0]   pad_addr_o,
  output logic [hil_machine_pkg::VectorPorts*hil_machine_pkg::WordBytes-1:0]   pad_be_o,
  output logic [hil_machine_pkg::VectorPorts*hil_machine_pkg::WordBits-1:0]    pad_wdata_o,
  input  logic [hil_machine_pkg::VectorPorts*hil_machine_pkg::WordBits-1:0]    pad_rdata_i
);
  localparam int unsigned Ports = hil_machine_pkg::VectorPorts;
  localparam int unsigned BankW = hil_machine_pkg::BankW;
  localparam int unsigned AddrW = hil_machine_pkg::WordAddrW;
  localparam int unsigned ByteAddrW = hil_machine_pkg::ByteAddrW;
  localparam int unsigned W = hil_machine_pkg::WordBytes;
  localparam int unsigned Bits = hil_machine_pkg::WordBits;

  logic [BankW-1:0]     read_bank, extra_bank, write_bank, extra_bank_q;
  logic [ByteAddrW-1:0] read_address, extra_start, write_address, extra_address;
  hil_bank_of u_read_bank (
    .addr_i (read_i),
    .bank_o (read_bank),
    .local_o(read_address)
  );
  hil_bank_of u_extra_bank (
    .addr_i (extra_i),
    .bank_o (extra_bank),
    .local_o(extra_start)
  );
  hil_bank_of u_write_bank (
    .addr_i (write_i),
    .bank_o (write_bank),
    .local_o(write_address)
  );

  logic       add, add_q, demand_q, read_wide_q, write_wide_q, extra_q, parallel_q, swap_q;
  logic [2:0] write_phase_q, extra_phase_q;
  assign add = kind_i == hil_contract_pkg::OpAdd[2:0];
  always_ff @(posedge clk_i) begin
    if (start_i) begin
      add_q         <= add;
      demand_q      <= kind_i == hil_contract_pkg::OpRequantize[2:0];
      read_wide_q   <= read_wide_i;
      write_wide_q  <= write_wide_i;
      extra_q       <= has_extra_i && !add;
      parallel_q    <= parallel_i;
      swap_q        <= swap_i;
      write_phase_q <= write_phase_i;
      extra_phase_q <= extra_phase_i;
      extra_bank_q  <= extra_bank;
    end
  end

  logic extra_step, extra_last, old_q;
  always_ff @(posedge clk_i) if (start_i) old_q <= has_read_i;

  // The extra operand is dense: a row begins at the word behind the row before it.
  localparam int unsigned L = hil_machine_pkg::Lanes;
  localparam int unsigned WordShift = hil_machine_pkg::WordShift;
  localparam logic [ByteAddrW-WordShift-1:0] Word = (ByteAddrW - WordShift)'(1);
  localparam bit TwoWords = 2 * L > W;
  // Its last group fills a second word only if it has lanes there.
  logic second_word;
  assign second_word = TwoWords && add_q && tail_i[L/2];
  logic [ByteAddrW-1:0] extra_address_q;
  assign extra_address = extra_address_q;
  always_ff @(posedge clk_i) begin
    if (start_i) extra_address_q <= extra_start;
    else if (add_q ? slot_last_i : extra_step) begin
      if (add_q ? row_last_i : extra_last) begin
        extra_address_q <= {extra_address_q[ByteAddrW-1:WordShift] + Word + (ByteAddrW - WordShift)'(second_word), {WordShift{1'b0}}};
      end else begin
        extra_address_q <= extra_address_q + (add_q ? ByteAddrW'(2 * L) : ByteAddrW'(L));
      end
    end
  end

  logic [1:0]         read_en, write_en;
  logic [2*BankW-1:0] read_port_bank, write_port_bank;
  logic [2*AddrW-1:0] read_port_addr, write_port_addr;
  logic [2*W-1:0]     write_be;
  logic [2*Bits-1:0]  write_data, read_data;

  hil_vector_read u_read (
    .clk_i,
    .rst_i,
    .start_i,
    .read_bank_i    (read_bank),
    .read_address_i (read_address),
    .read_stride_i,
    .read_wide_i,
    .add_i          (add_q),
    .parallel_i     (parallel_q),
    .swap_i         (swap_q),
    .wide_i         (read_wide_q),
    .demand_i       (demand_q),
    .extra_bank_i   (extra_bank_q),
    .extra_address_i(extra_address),
    .active_i,
    .first_pass_i,
    .slot_last_i,
    .row_last_i,
    .phase_i,
    .old_i          (old_i && old_q),
    .old_last_i,
    .pad_en_o       (read_en),
    .pad_bank_o     (read_port_bank),
    .pad_addr_o     (read_port_addr),
    .pad_rdata_i    (read_data),
    .group_o,
    .other_o,
    .early_o,
    .ready_o
  );

  hil_vector_write u_write (
    .clk_i,
    .rst_i,
    .start_i,
    .bank_i         (write_bank),
    .address_i      (write_address),
    .stride_i       (write_stride_i),
    .wide_i         (write_wide_i),
    .wide_q_i       (write_wide_q),
    .extra_i        (extra_q),
    .write_phase_i  (write_phase_q),
    .extra_phase_i  (extra_phase_q),
    .extra_bank_i   (extra_bank_q),
    .extra_address_i(extra_address),
    .extra_step_o   (extra_step),
    .extra_last_o   (extra_last),
    .tail_i,
    .phase_i,
    .load_narrow_i,
    .load_wide_i,
    .last_narrow_i,
    .last_wide_i,
    .narrow_i,
    .wide_data_i    (wide_i),
    .pad_en_o       (write_en),
    .pad_bank_o     (write_port_bank),
    .pad_addr_o     (write_port_addr),
    .pad_be_o       (write_be),
    .pad_wdata_o    (write_data)
  );

  assign pad_en_o[1:0]              = {write_en[0], read_en[0]};
  assign pad_we_o[1:0]              = 2'b10;
  assign pad_bank_o[2*BankW-1:0]    = {write_port_bank[BankW-1:0], read_port_bank[BankW-1:0]};
  assign pad_addr_o[2*AddrW-1:0]    = {write_port_addr[AddrW-1:0], read_port_addr[AddrW-1:0]};
  assign pad_be_o[2*W-1:0]          = {write_be[W-1:0], {W{1'b0}}};
  assign pad_wdata_o[2*Bits-1:0]    = {write_data[Bits-1:0], {Bits{1'b0}}};
  assign read_data[Bits-1:0]        = pad_rdata_i[Bits-1:0];
  if (Ports > 2) begin : gen_third
    assign pad_en_o[2]                 = read_en[1] || write_en[1];
    assign pad_we_o[2]                 = write_en[1];
    assign pad_bank_o[2*BankW+:BankW]  = extra_bank_q;
    assign pad_addr_o[2*AddrW+:AddrW]  = add_q ? read_port_addr[AddrW+:AddrW] : write_port_addr[AddrW+:AddrW];
    assign pad_be_o[2*W+:W]            = write_be[W+:W];
    assign pad_wdata_o[2*Bits+:Bits]   = write_data[Bits+:Bits];
    assign read_data[Bits+:Bits]       = pad_rdata_i[2*Bits+:Bits];
  end else begin : gen_two
    assign read_data[Bits+:Bits] = '0;
    logic unused;
    assign unused = ^{read_en[1], write_en[1], read_port_bank[BankW+:BankW], write_port_bank[BankW+:BankW],
                      read_port_addr[AddrW+:AddrW], write_port_addr[AddrW+:AddrW], write_be[W+:W], write_data[Bits+:Bits]};
  end
  logic unused;
  assign unused = ^{read_port_bank, write_port_bank, pad_rdata_i};
endmodule
