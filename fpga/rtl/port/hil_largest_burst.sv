// The largest burst of the region in which an address of main memory lies, a power of two of bytes, and how far the address is behind a multiple of it.
// Combinational.
// Not checked: an address outside all regions takes the first one's.
module hil_largest_burst (
  input  logic [hil_machine_pkg::MainAddrW-1:0] addr_i,
  output logic [hil_machine_pkg::BurstW-1:0]    most_o,
  output logic [hil_machine_pkg::BurstW-1:0]    behind_o
);
  always_comb begin
    most_o = hil_machine_pkg::BurstW'(hil_machine_pkg::RegionMaxBursts);
    if (hil_machine_pkg::RegionCount > 1) begin
      for (int unsigned r = 0; r < hil_machine_pkg::RegionCount; r++) begin
        if (32'(addr_i) >= hil_machine_pkg::RegionFirsts[r*32+:32] && 32'(addr_i) <= hil_machine_pkg::RegionLasts[r*32+:32]) begin
          most_o = hil_machine_pkg::BurstW'(hil_machine_pkg::RegionMaxBursts[r*32+:32]);
        end
      end
    end
  end
  assign behind_o = hil_machine_pkg::BurstW'(addr_i) & (most_o - 1'b1);
  // With one region the largest burst depends on nothing.
  logic unused;
  assign unused = ^addr_i;
endmodule
