# The Arty A7-100T in Vivado. NEVER RUN: Vivado was not at hand.
# usage: vivado -mode batch -source build.tcl -tclargs OUT_FOLDER
set here [file dirname [file normalize [info script]]]
set rtl [file normalize $here/../../rtl]
set out [lindex $argv 0]
set files [list $rtl/generated/hil_contract_pkg.sv $rtl/generated/hil_machine_arty_a7_100t_pkg.sv]
set list [open $rtl/files.f]
foreach line [split [read $list] "\n"] {
  if {$line eq "" || [string match "#*" $line] || [string match "generated/*" $line]} { continue }
  # The board's own module stands for the general one of that name.
  if {![file exists $here/rtl/[file tail $line]]} { lappend files $rtl/$line }
}
close $list
lappend files {*}[glob $here/rtl/*.sv] {*}[glob $here/../common/*.sv] {*}[glob $rtl/registers/*.sv] {*}[glob $rtl/backends/hil_backend_ram.sv $rtl/backends/hil_burst_timer.sv]
create_project -in_memory -part xc7a100tcsg324-1
read_verilog -sv $files
read_verilog -sv [glob $here/*.sv]
read_xdc $here/arty.xdc
synth_design -top hil_arty_top -include_dirs $rtl/core
opt_design
place_design
phys_opt_design
route_design
report_utilization -hierarchical -file $out/utilization.txt
report_timing_summary -file $out/timing.txt
write_bitstream -force $out/arty-a7-100t.bit
