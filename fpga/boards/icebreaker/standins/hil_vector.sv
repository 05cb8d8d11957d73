// Stand-in for the Vector unit, for a trial of the product path alone: one accumulator row, folded, becomes one scratchpad word. It has the unit's ports
// and the right owner of each, not its function; a bitstream that has it is not for loading.
// Latency: an instruction takes four cycles. Not done: everything that the unit is for.
module hil_vector (
  input  logic                                clk_i,
  input  logic                                rst_i,
  input  logic                                start_i,
  input  logic [127:0]                        word_i,
  output logic                                last_o,
  output logic                                acc_read_o,
  output logic                                acc_half_o,
  output logic [hil_machine_pkg::AccRowW-1:0]    acc_row_o,
  input  logic [hil_machine_pkg::Columns*32-1:0] acc_data_i,
  input  logic                                parameter_we_i,
  input  logic [hil_machine_pkg::CountW-1:0]     parameter_waddr_i,
  input  logic [hil_machine_pkg::ParameterW-1:0] parameter_i,
  input  logic                                table_we_i,
  input  logic [10:0]                         table_waddr_i,
  input  logic [hil_machine_pkg::PortBits-1:0]   table_i,
  output logic [hil_machine_pkg::VectorPorts-1:0]                         pad_en_o,
  output logic [hil_machine_pkg::VectorPorts-1:0]                         pad_we_o,
  output logic [hil_machine_pkg::VectorPorts*hil_machine_pkg::BankW-1:0]     pad_bank_o,
  output logic [hil_machine_pkg::VectorPorts*hil_machine_pkg::WordAddrW-1:0] pad_addr_o,
  output logic [hil_machine_pkg::VectorPorts*hil_machine_pkg::WordBytes-1:0] pad_be_o,
  output logic [hil_machine_pkg::VectorPorts*hil_machine_pkg::WordBits-1:0]  pad_wdata_o,
  input  logic [hil_machine_pkg::VectorPorts*hil_machine_pkg::WordBits-1:0]  pad_rdata_i
);
  localparam int unsigned VectorPorts = hil_machine_pkg::VectorPorts;
  localparam int unsigned BankW = hil_machine_pkg::BankW;
  localparam int unsigned WordAddrW = hil_machine_pkg::WordAddrW;
  localparam int unsigned WordBytes = hil_machine_pkg::WordBytes;
  localparam int unsigned WordBits = hil_machine_pkg::WordBits;

  logic [3:0]          step_q;
  logic [WordBits-1:0] word_q, fold;
  logic                kept_q;

  always_comb begin
    fold = WordBits'({kept_q});
    for (int unsigned c = 0; c < hil_machine_pkg::Columns; c++) fold = fold ^ WordBits'(acc_data_i[c*32+:32]);
  end
  always_ff @(posedge clk_i) begin
    step_q <= rst_i ? '0 : {step_q[2:0], start_i};
    if (step_q[2]) word_q <= fold;
    // What Load writes here is folded to a bit, so that its path stays.
    if (parameter_we_i) kept_q <= ^{parameter_i, parameter_waddr_i};
    else if (table_we_i) kept_q <= ^{table_i, table_waddr_i};
    else if (start_i) kept_q <= ^pad_rdata_i;
  end

  assign last_o      = step_q[3];
  assign acc_read_o  = step_q[0];
  assign acc_half_o  = word_i[0];
  assign acc_row_o   = word_i[1+:hil_machine_pkg::AccRowW];
  assign pad_en_o    = VectorPorts'({step_q[3], step_q[0]});
  assign pad_we_o    = VectorPorts'({step_q[3], 1'b0});
  assign pad_bank_o  = {VectorPorts{word_i[16+:BankW]}};
  assign pad_addr_o  = {VectorPorts{word_i[24+:WordAddrW]}};
  assign pad_be_o    = {(VectorPorts * WordBytes){1'b1}};
  assign pad_wdata_o = {VectorPorts{word_q}};

  // Fields of what is not done.
  logic unused;
  assign unused = ^word_i;
endmodule
