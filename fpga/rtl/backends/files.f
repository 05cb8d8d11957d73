backends/hil_burst_timer.sv
backends/hil_backend_ram.sv
backends/hil_backend_flash.sv
