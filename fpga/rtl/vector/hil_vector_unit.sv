// The machine's Vector unit: the pipelined one, or the serial one where the machine gives a rounding its cycles.
// Latency, throughput, ordering: as that of either.
module hil_vector_unit (
  input  logic                                clk_i,
  input  logic                                rst_i,
  input  logic                                start_i,
  input  logic [127:0]                        word_i,
  // The same as it is dispatched, before the start.
  input  logic                                chunk_we_i,
  input  logic [2:0]                          chunk_index_i,
  input  logic [hil_machine_pkg::ChunkBits-1:0]  chunk_i,
  output logic                                last_o,
  output logic                                acc_read_o,
  output logic                                acc_half_o,
  output logic [hil_machine_pkg::AccRowW-1:0]    acc_row_o,
  input  logic [hil_machine_pkg::Columns*32-1:0] acc_data_i,
  // From Load.
  input  logic                                parameter_we_i,
  input  logic [hil_machine_pkg::CountW-1:0]     parameter_waddr_i,
  input  logic [hil_machine_pkg::ParameterW-1:0] parameter_i,
  input  logic                                table_we_i,
  input  logic [10:0]                         table_waddr_i,
  input  logic [hil_machine_pkg::PortBits-1:0]   table_i,
  // Scratchpad clients: 0 reads, 1 writes, 2 does either.
  output logic [hil_machine_pkg::VectorPorts-1:0]                         pad_en_o,
  output logic [hil_machine_pkg::VectorPorts-1:0]                         pad_we_o,
  output logic [hil_machine_pkg::VectorPorts*hil_machine_pkg::BankW-1:0]     pad_bank_o,
  output logic [hil_machine_pkg::VectorPorts*hil_machine_pkg::WordAddrW-1:0] pad_addr_o,
  output logic [hil_machine_pkg::VectorPorts*hil_machine_pkg::WordBytes-1:0] pad_be_o,
  output logic [hil_machine_pkg::VectorPorts*hil_machine_pkg::WordBits-1:0]  pad_wdata_o,
  input  logic [hil_machine_pkg::VectorPorts*hil_machine_pkg::WordBits-1:0]  pad_rdata_i
);
  if (hil_machine_pkg::Serial != 0) begin : gen_engine
    localparam int unsigned Ports = hil_machine_pkg::VectorPorts;
    localparam int unsigned BankW = hil_machine_pkg::BankW;
    localparam int unsigned WordAddrW = hil_machine_pkg::WordAddrW;
    localparam int unsigned WordBytes = hil_machine_pkg::WordBytes;
    localparam int unsigned WordBits = hil_machine_pkg::WordBits;
    hil_vector_serial u_engine (
      .clk_i, .rst_i, .start_i,
      .kind_i     (word_i[2:0]),
      .chunk_we_i, .chunk_index_i, .chunk_i,
      .last_o, .acc_read_o, .acc_half_o, .acc_row_o, .acc_data_i,
      .parameter_we_i, .parameter_waddr_i, .parameter_i,
      .table_we_i, .table_waddr_i, .table_i,
      .pad_en_o   (pad_en_o[0]),
      .pad_we_o   (pad_we_o[0]),
      .pad_bank_o (pad_bank_o[BankW-1:0]),
      .pad_addr_o (pad_addr_o[WordAddrW-1:0]),
      .pad_be_o   (pad_be_o[WordBytes-1:0]),
      .pad_wdata_o(pad_wdata_o[WordBits-1:0]),
      .pad_rdata_i(pad_rdata_i[WordBits-1:0])
    );
    // It needs one port only, and the opcode alone at the start.
    assign pad_en_o[Ports-1:1]                      = '0;
    assign pad_we_o[Ports-1:1]                      = '0;
    assign pad_bank_o[Ports*BankW-1:BankW]          = '0;
    assign pad_addr_o[Ports*WordAddrW-1:WordAddrW]  = '0;
    assign pad_be_o[Ports*WordBytes-1:WordBytes]    = '0;
    assign pad_wdata_o[Ports*WordBits-1:WordBits]   = '0;
    logic unused;
    assign unused = ^{word_i[127:3], pad_rdata_i[Ports*WordBits-1:WordBits]};
  end else begin : gen_engine
    hil_vector u_engine (
      .clk_i, .rst_i, .start_i, .word_i,
      .last_o, .acc_read_o, .acc_half_o, .acc_row_o, .acc_data_i,
      .parameter_we_i, .parameter_waddr_i, .parameter_i,
      .table_we_i, .table_waddr_i, .table_i,
      .pad_en_o, .pad_we_o, .pad_bank_o, .pad_addr_o, .pad_be_o, .pad_wdata_o, .pad_rdata_i
    );
    logic unused;
    assign unused = ^{chunk_we_i, chunk_index_i, chunk_i};
  end
endmodule
