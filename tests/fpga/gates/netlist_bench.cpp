// Runs a program on the netlist that is placed for the iCEBreaker (hil_fit_top), from its pads: the flash with the program's image, the UART idle. The
// stand-in for the controller is this bench: it holds the registers that the controller's bus comes from (cut_*), and works core and flash over that bus.
// usage: bench IMAGE IMAGE_BASE SCRATCHPAD_IN SCRATCHPAD_OUT ENTRY COUNT MOST_CYCLES [FAULT]
// Prints: status BYTE (the flash's second, read by single bytes), trap REASON INDEX, counter NUMBER CYCLES for each selection there is, retired UNIT
// START RETIRE; in cycles as docs/timing.md counts them. Exit code 3: it did not end.
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
#include "verilated.h"

namespace {

// The controller's bus, addresses as hil_fit_top and hil_fit_uart_link have them.
enum Bus : uint8_t {
    kSegment = 0x00, kStart = 0x01, kCounter = 0x02, kCoreStatus = 0x00, kTrapIndex = 0x01, kCounterWord = 0x04,
    kPadAddress = 0x10, kPadByte = 0x13, kWatchdog = 0x20, kFlashByte = 0x30, kFlashControl = 0x31
};

constexpr uint8_t kTake = 1, kSelect = 2, kFlashReady = 2;
constexpr uint32_t kBusAddress = 0x8000;
constexpr int kStates = 16;
// Reset takes 1024 cycles from the PLL's lock, waking the flash 176 more.
constexpr int kResetCycles = 1500;
// Longer than an instruction takes to come from the flash, and a byte of the controller's own way to it.
constexpr int kPauseCycles = 40;
// The watchdog's time is 15 times that.
constexpr int64_t kWatchdogCycles = 1 << 20;
// At least two sweeps of the basic counters (fpga/rtl/counters/hil_counters_basic.sv).
constexpr int kSettleCycles = 64;
constexpr int kUnits = 3;
constexpr int kPadBytes = 1 << 17;
constexpr int kCounters = 64;

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

    void write(uint8_t address, uint8_t byte) {
        begin_write(address, byte);
        cycle();
        idle();
    }

    // A write in the next cycle.
    void begin_write(uint8_t address, uint8_t byte) {
        access(address);
        netlist_.cut_store_q = 1;
        netlist_.cut_b_q = byte;
    }

    void pause() {
        for (int i = 0; i < kPauseCycles; i++) cycle();
    }

    // What the bus shows of an access in the next cycle.
    uint8_t read(uint8_t address) {
        access(address);
        netlist_.cut_load_q = 1;
        cycle();
        idle();
        return netlist_.see_bus_rdata;
    }

    void point_at(uint32_t pad) {
        for (uint8_t part : {static_cast<uint8_t>((pad & 1) << 7), static_cast<uint8_t>(pad >> 1), static_cast<uint8_t>(pad >> 9)}) write(kPadAddress, part);
    }

    // Basic counters are read by parts: 6 low bits, then 16 each.
    uint64_t counter(int select) {
        uint64_t value = 0;
        for (int part = 3; part >= 0; part--) {
            write(kCounter, static_cast<uint8_t>(select << 2 | part));
            cycle();
            cycle();
            uint64_t word = read(kCounterWord);
            word |= static_cast<uint64_t>(read(kCounterWord + 1)) << 8;
            value = part == 0 ? value << 6 | word : value << 16 | word;
        }
        return value;
    }

    // Status register 2 by the controller's own way to the flash: it takes it, which resets the core, ends continuous read and asks.
    int flash_status() {
        command({0xFF});
        int status = command({0x35, 0});
        write(kFlashControl, 0);
        for (int i = 0; !(read(kFlashControl) & kFlashReady); i++) {
            if (i == kResetCycles) throw std::runtime_error("the flash's back end does not become ready");
        }
        return status;
    }

private:
    // Gives what came back with the last byte.
    int command(const std::vector<uint8_t>& bytes) {
        write(kFlashControl, kTake);
        pause();
        write(kFlashControl, kTake | kSelect);
        for (uint8_t byte : bytes) {
            write(kFlashByte, byte);
            pause();
        }
        write(kFlashControl, kTake);
        return read(kFlashByte);
    }

    void access(uint8_t address) {
        netlist_.cut_state_q = access_;
        netlist_.cut_a_q = kBusAddress | address;
    }

    // Synthesis codes the controller's states anew, one register each: the one in which it works the bus is that in which a write starts the core.
    void find_access() {
        int found = 0;
        for (int state = 0; state < kStates; state++) {
            access_ = 1 << state;
            write(kStart, 0);
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
    // Finding the bus may have started the core once.
    Vnetlist& pins = board.pins();
    for (int64_t i = 0; pins.see_running && i < 1'000'000; i++) board.cycle();
    std::printf("status %d\n", board.flash_status());

    board.point_at(0);
    for (uint8_t byte : pad) board.write(kPadByte, byte);
    uint32_t entry = std::strtoul(argv[5], nullptr, 0), count = std::strtoul(argv[6], nullptr, 0);
    for (int i = 0; i < 3; i++) board.write(kSegment, static_cast<uint8_t>(entry >> 8 * i));
    for (int i = 0; i < 3; i++) board.write(kSegment, static_cast<uint8_t>(count >> 8 * i));
    board.write(kStart, 0);
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
    for (int i = 0; i < kSettleCycles; i++) board.cycle();
    int status = board.read(kCoreStatus), index = 0;
    for (int i = 2; i >= 0; i--) index = index << 8 | board.read(static_cast<uint8_t>(kTrapIndex + i));
    std::printf("trap %d %d\n", status & 15, status & 15 ? index : 0);
    for (int n = 0; n < kCounters; n++) std::printf("counter %d %llu\n", n, static_cast<unsigned long long>(board.counter(n)));

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
