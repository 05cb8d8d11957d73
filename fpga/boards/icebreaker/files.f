rtl/hil_ram_1rw.sv
rtl/hil_array_row.sv
rtl/hil_multiply.sv
rtl/hil_product.sv
rtl/hil_length.sv
rtl/hil_serial_multiply.sv
