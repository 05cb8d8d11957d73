# The Arty A7-100T in Vivado. NEVER RUN THERE: Vivado was not at hand. A test runs it in a plain Tcl, and holds what it reads against `hil build`.
# usage: vivado -mode batch -source build.tcl -tclargs OUT_FOLDER
set here [file dirname [file normalize [info script]]]
set rtl [file normalize $here/../../rtl]
set out [lindex $argv 0]
proc contents {file} {
  set channel [open $file]
  set text [read $channel]
  close $channel
  return $text
}

# The board's own sources, of which one stands for the core's of that name.
set own {}
set names {}
regexp {"sources": \[([^\]]*)\]} [contents $here/board.json] -> sources
foreach {-> source} [regexp -all -inline {"([^"]+)"} $sources] {
  lappend own [file normalize $here/$source]
  lappend names [file tail $source]
}
set files [list $rtl/generated/hil_machine_arty_a7_100t_pkg.sv]
foreach line [split [contents $rtl/files.f] "\n"] {
  if {$line ne "" && ![string match "#*" $line] && [file tail $line] ni $names} { lappend files $rtl/$line }
}
lappend files {*}$own
create_project -in_memory -part xc7a100tcsg324-1
read_verilog -sv $files
read_xdc $here/arty.xdc
synth_design -top hil_arty_top -include_dirs $rtl/core
opt_design
place_design
phys_opt_design
route_design
report_utilization -hierarchical -file $out/utilization.txt
report_timing_summary -file $out/timing.txt
write_bitstream -force $out/arty-a7-100t.bit
