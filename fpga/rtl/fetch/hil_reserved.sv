// Bits without a meaning in an instruction that goes by in chunks of 16 bits. In every instruction they follow those with one (isa.md).
// Latency: found_o tells of all chunks up to the one in the cycle before. Throughput: one chunk a cycle; a chunk may stay.
// Ordering: chunk 0 first, in the cycle of first_i; unit_i is the instruction's unit from the next cycle on.
// Not checked: chunk 0, whose bits all have a meaning; END; a STORE where nothing is writable.
module hil_reserved (
  input  logic        clk_i,
  input  logic        first_i,
  input  logic [2:0]  index_i,
  input  logic [15:0] chunk_i,
  input  logic [1:0]  unit_i,
  output logic        found_o
);
  // from[i]: a bit of the chunk from i on is set.
  logic [15:0] from;
  for (genvar i = 0; i < 16; i++) begin : gen_from
    assign from[i] = chunk_i[15:i] != '0;
  end

  // The chunk in which the last bits with a meaning lie, and whether one follows them there.
  logic [2:0] low_q, at;
  logic       behind, bad, found_q, past_q;
  always_comb begin
    unique case ({unit_i, low_q})
      {2'(hil_contract_pkg::UnitLoad), hil_contract_pkg::OpLoadWeights[2:0]}:
        {at, behind} = {3'(hil_contract_pkg::LoadWeightsUsedCount / 16), from[hil_contract_pkg::LoadWeightsUsedCount%16]};
      {2'(hil_contract_pkg::UnitLoad), hil_contract_pkg::OpLoadDynamic[2:0]}:
        {at, behind} = {3'(hil_contract_pkg::LoadDynamicUsedCount / 16), from[hil_contract_pkg::LoadDynamicUsedCount%16]};
      {2'(hil_contract_pkg::UnitLoad), hil_contract_pkg::OpLoadParameters[2:0]}:
        {at, behind} = {3'(hil_contract_pkg::LoadParametersUsedCount / 16), from[hil_contract_pkg::LoadParametersUsedCount%16]};
      {2'(hil_contract_pkg::UnitLoad), hil_contract_pkg::OpLoadTable[2:0]}:
        {at, behind} = {3'(hil_contract_pkg::LoadTableUsedCount / 16), from[hil_contract_pkg::LoadTableUsedCount%16]};
      {2'(hil_contract_pkg::UnitCompute), hil_contract_pkg::OpCompute[2:0]}:
        {at, behind} = {3'(hil_contract_pkg::ComputeUsedCount / 16), from[hil_contract_pkg::ComputeUsedCount%16]};
      {2'(hil_contract_pkg::UnitVector), hil_contract_pkg::OpRequantize[2:0]}:
        {at, behind} = {3'(hil_contract_pkg::RequantizeUsedCount / 16), from[hil_contract_pkg::RequantizeUsedCount%16]};
      {2'(hil_contract_pkg::UnitVector), hil_contract_pkg::OpLayerNorm[2:0]}:
        {at, behind} = {3'(hil_contract_pkg::LayerNormUsedCount / 16), from[hil_contract_pkg::LayerNormUsedCount%16]};
      {2'(hil_contract_pkg::UnitVector), hil_contract_pkg::OpSoftmax[2:0]}:
        {at, behind} = {3'(hil_contract_pkg::SoftmaxUsedCount / 16), from[hil_contract_pkg::SoftmaxUsedCount%16]};
      {2'(hil_contract_pkg::UnitVector), hil_contract_pkg::OpMap[2:0]}:
        {at, behind} = {3'(hil_contract_pkg::MapUsedCount / 16), from[hil_contract_pkg::MapUsedCount%16]};
      {2'(hil_contract_pkg::UnitVector), hil_contract_pkg::OpAdd[2:0]}:
        {at, behind} = {3'(hil_contract_pkg::AddUsedCount / 16), from[hil_contract_pkg::AddUsedCount%16]};
      // LOAD and STORE.
      default: {at, behind} = {3'(hil_contract_pkg::LoadUsedCount / 16), from[hil_contract_pkg::LoadUsedCount%16]};
    endcase
  end
  // A chunk may stay: what follows is another one only where the index moves on.
  assign bad     = index_i == at ? behind : past_q && from[0];
  assign found_o = found_q;
  always_ff @(posedge clk_i) begin
    found_q <= !first_i && (found_q || bad);
    past_q  <= !first_i && (past_q || index_i == at);
    if (first_i) low_q <= chunk_i[hil_contract_pkg::OpcodeLsb+:3];
  end
endmodule
