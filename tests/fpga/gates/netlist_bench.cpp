// Runs a program on the netlist that is placed for the iCEBreaker (hil_fit_top), from its pads: the flash with the program's image, the UART idle. The
// stand-in for the controller is this bench: it holds the registers that the controller's bus comes from (cut_*), and works core and flash over that bus.
// usage: bench IMAGE IMAGE_BASE SCRATCHPAD_IN SCRATCHPAD_OUT ENTRY COUNT MOST_CYCLES [FAULT]
// Prints: identity HEX (the registers' first 128 bytes), status BYTE (the flash's second, read by single bits), trap REASON INDEX, counter NUMBER VALUE for
// each one there is, retired UNIT START RETIRE; in cycles as docs/timing.md counts them. Exit code 3: it did not end.
// FAULT: the planted fault that is selected, from 1; -1: the flash gives its data a clock late.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "Vnetlist.h"
#include "flash.h"
#include "hil_contract.h"
#include "verilated.h"

namespace {

// The controller's bus, addresses as hil_fit_top and hil_fit_uart_link have them; the core's registers (hil_contract.h) lie from 0 on.
enum Bus : uint16_t { kPadAddress = 0x1000, kPadByte = 0x1003, kWatchdog = 0x2000, kFlash = 0x3000 };

// Bits of a write to the flash, and of a read.
constexpr uint8_t kTake = 1, kSelect = 2, kBit = 4, kClock = 8, kFlashReady = 1, kAnswer = 4;
constexpr uint32_t kBusAddress = 0x8000;
constexpr int kStates = 16;
// Reset takes 1024 cycles from the PLL's lock, waking the flash 176 more.
constexpr int kResetCycles = 1500;
// Longer than an instruction takes to come from the flash, and an answer to a bit.
constexpr int kPauseCycles = 40;
// The watchdog's time is 15 times that.
constexpr int64_t kWatchdogCycles = 1 << 20;
// More than the counters take to be whole, or the flash after a reset.
constexpr int kMostBusyReads = 2000;
constexpr int64_t kResetAfterCycles = 20000;
constexpr int kUnits = 3;
constexpr int kPadBytes = 1 << 17;

class Board {
public:
    explicit Board(int fault) : netlist_(&context_) {
        netlist_.uart_rx_i = 1;
        netlist_.scl_io = 1;
        netlist_.sda_io = 1;
        netlist_.lock_i = 1;
        netlist_.fault_i = fault > 0 ? fault : 0;
        if (fault < 0) flash.dummies++;
        idle();
        for (int i = 0; i < kResetCycles; i++) cycle();
        find_access();
    }

    Flash flash;
    Vnetlist& pins() { return netlist_; }

    // From a rising edge to the next one. The pads' registers are those of fpga/boards/icebreaker/top/hil_icebreaker_flash_pads.sv, SCK its second half.
    void cycle() {
        netlist_.clk_i = 0;
        netlist_.pads_io_in = in_;
        netlist_.eval();
        flash.cycle(selected_, netlist_.pads_sck_en, out_);
        in_ = flash.io;
        selected_ = !netlist_.pads_cs_n;
        out_ = netlist_.pads_io | (15 & ~netlist_.pads_io_oe);
        netlist_.clk_i = 1;
        netlist_.eval();
    }

    // Registers as a controller has them that does nothing.
    void idle() {
        netlist_.cut_state_q = 0;
        netlist_.cut_store_q = 0;
        netlist_.cut_load_q = 0;
        netlist_.cut_a_q = kBusAddress;
        netlist_.cut_b_q = 0;
    }

    void write(uint16_t address, uint8_t byte) {
        begin_write(address, byte);
        cycle();
        idle();
    }

    // A write in the next cycle.
    void begin_write(uint16_t address, uint8_t byte) {
        access(address);
        netlist_.cut_store_q = 1;
        netlist_.cut_b_q = byte;
    }

    void pause() {
        for (int i = 0; i < kPauseCycles; i++) cycle();
    }

    // What the bus shows of an access in the next cycle.
    uint8_t read(uint16_t address) {
        access(address);
        netlist_.cut_load_q = 1;
        cycle();
        idle();
        // As hil_registers and hil_counters_basic choose it.
        uint32_t word = netlist_.see_shows_low ? (netlist_.see_word & 0xff00) | netlist_.see_low : netlist_.see_word;
        if (!netlist_.see_from_core) return netlist_.see_control;
        return static_cast<uint8_t>(netlist_.see_high ? word >> 8 : word);
    }

    void point_at(uint32_t pad) {
        for (uint8_t part : {static_cast<uint8_t>((pad & 1) << 7), static_cast<uint8_t>(pad >> 1), static_cast<uint8_t>(pad >> 9)}) write(kPadAddress, part);
    }

    // A register of so many bytes, the lowest first.
    uint64_t read_register(uint16_t offset, int bytes) {
        uint64_t value = 0;
        for (int i = 0; i < bytes; i++) value |= static_cast<uint64_t>(read(offset + i)) << 8 * i;
        return value;
    }

    void write_register(uint16_t offset, uint32_t value) {
        for (int i = 0; i < 4; i++) write(offset + i, static_cast<uint8_t>(value >> 8 * i));
    }

    void wait_while_busy() {
        for (int i = 0; read(HIL_REG_STATUS) & HIL_REG_STATUS_BUSY_MASK; i++) {
            if (i == kMostBusyReads) throw std::runtime_error("the core stays busy");
        }
    }

    // By CONTROL: whatever runs ends, and the flash is brought up again.
    void reset() {
        write_register(HIL_REG_CONTROL, HIL_REG_CONTROL_RESET_MASK);
        wait_while_busy();
    }

    // Status register 2 by the controller's own way to the flash: it takes it, which resets the core, ends continuous read and asks.
    int flash_status() {
        command({0xFF});
        int status = command({0x35, 0});
        write(kFlash, 0);
        for (int i = 0; !(read(kFlash) & kFlashReady); i++) {
            if (i == kResetCycles) throw std::runtime_error("the flash's back end does not become ready");
        }
        return status;
    }

private:
    // Gives what came back with the last byte.
    int command(const std::vector<uint8_t>& bytes) {
        write(kFlash, kTake);
        pause();
        int answer = 0;
        for (uint8_t byte : bytes) {
            answer = 0;
            for (int bit = 7; bit >= 0; bit--) {
                answer = answer << 1 | ((read(kFlash) & kAnswer) != 0);
                write(kFlash, kTake | kSelect | kClock | (byte >> bit & 1 ? kBit : 0));
                pause();
            }
        }
        write(kFlash, kTake);
        return answer;
    }

    void access(uint16_t address) {
        netlist_.cut_state_q = access_;
        netlist_.cut_a_q = kBusAddress | address;
    }

    // Synthesis codes the controller's states anew, one register each: the one in which it works the bus is that in which a write starts the core.
    void find_access() {
        int found = 0;
        for (int state = 0; state < kStates; state++) {
            access_ = 1 << state;
            write(HIL_REG_CONTROL, HIL_REG_CONTROL_START_MASK);
            if (netlist_.see_core_start) {
                found++;
                found_ = access_;
            }
            pause();
        }
        if (found != 1) throw std::runtime_error("not one of the controller's states works the bus, but " + std::to_string(found));
        access_ = found_;
    }

    VerilatedContext context_;
    Vnetlist netlist_;
    uint32_t access_ = 0, found_ = 0;
    bool selected_ = false;
    uint8_t in_ = 15, out_ = 15;
};

std::vector<uint8_t> bytes_of(const char* file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error(std::string("cannot read ") + file);
    return {std::istreambuf_iterator<char>(in), {}};
}

int run(char** argv, int fault) {
    Board board(fault);
    board.flash.load(std::strtoul(argv[2], nullptr, 0), bytes_of(argv[1]));
    std::vector<uint8_t> pad = bytes_of(argv[3]);
    if (pad.size() != kPadBytes) throw std::runtime_error("the scratchpad has 128 KB");
    Vnetlist& pins = board.pins();
    // Finding the bus has started the core.
    board.reset();
    std::printf("identity ");
    for (int i = 0; i < static_cast<int>(HIL_IDENTITY_BYTES); i++) std::printf("%02x", board.read(i));
    std::printf("\nstatus %d\n", board.flash_status());

    board.point_at(0);
    for (uint8_t byte : pad) board.write(kPadByte, byte);
    uint32_t entry = std::strtoul(argv[5], nullptr, 0), count = std::strtoul(argv[6], nullptr, 0);
    board.write_register(HIL_REG_ENTRY, entry);
    board.write_register(HIL_REG_COUNT, count);
    // Once to be reset in its middle, then for good.
    board.write(HIL_REG_CONTROL, HIL_REG_CONTROL_START_MASK);
    for (int64_t i = 0; i < kResetAfterCycles; i++) board.cycle();
    board.reset();
    board.point_at(0);
    for (uint8_t byte : pad) board.write(kPadByte, byte);
    board.write(HIL_REG_CONTROL, HIL_REG_CONTROL_START_MASK);
    board.cycle();

    // From here cycle 0 of the segment. An instruction starts in the cycle before its unit executes, and retires in the last one that it does.
    int64_t most = std::strtoll(argv[7], nullptr, 0), now = 0, started[kUnits] = {};
    int before = 0;
    for (; pins.see_running && now < most; now++) {
        int executing = pins.see_executing;
        for (int u = 0; u < kUnits; u++) {
            bool is = executing >> u & 1, was = before >> u & 1;
            if (is && !was) started[u] = now - 1;
            if (!is && was) std::printf("retired %d %lld %lld\n", u, static_cast<long long>(started[u]), static_cast<long long>(now - 1));
        }
        before = executing;
        if (now % kWatchdogCycles == 0) board.begin_write(kWatchdog, 0);
        board.cycle();
        board.idle();
    }
    if (pins.see_running) {
        std::printf("running after %lld cycles\n", static_cast<long long>(now));
        return 3;
    }
    board.wait_while_busy();
    int reason = static_cast<int>(board.read_register(HIL_REG_TRAP, 4)), index = static_cast<int>(board.read_register(HIL_REG_TRAP_INDEX, 4));
    if (!(board.read(HIL_REG_STATUS) & HIL_REG_STATUS_DONE_MASK)) throw std::runtime_error("the segment is over and not done");
    std::printf("trap %d %d\n", reason, reason ? index : 0);
    for (int n = 0; n < static_cast<int>(HIL_COUNTER_COUNT); n++)
        std::printf("counter %d %llu\n", n, static_cast<unsigned long long>(board.read_register(HIL_COUNTER_BASE + 8 * n, 8)));

    // A read shows what the one before asked for.
    board.point_at(0);
    board.read(kPadByte);
    for (uint8_t& byte : pad) byte = board.read(kPadByte);
    std::ofstream(argv[4], std::ios::binary).write(reinterpret_cast<char*>(pad.data()), static_cast<std::streamsize>(pad.size()));
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 8 && argc != 9) {
        std::fprintf(stderr, "usage: %s IMAGE IMAGE_BASE SCRATCHPAD_IN SCRATCHPAD_OUT ENTRY COUNT MOST_CYCLES [FAULT]\n", argv[0]);
        return 2;
    }
    try {
        return run(argv, argc == 9 ? std::atoi(argv[8]) : 0);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 2;
    }
}
