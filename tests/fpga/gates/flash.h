// A Winbond W25Q128JV as far as the flash's back end and the controller's own way to it use it, by cycles of the 24 MHz clock. The rules are those of
// fpga/models/hil_flash_model.sv, which the back end's bench holds to nanoseconds; one that is broken ends the run.
#pragma once
#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

// Asleep and without QE at first, as a new one is after the FPGA has loaded its bitstream from it.
class Flash {
public:
    Flash() : bytes_(std::size_t{1} << 24) {}

    void load(uint32_t base, const std::vector<uint8_t>& image) {
        if (base + image.size() > bytes_.size()) throw std::runtime_error("the image is larger than the flash");
        std::copy(image.begin(), image.end(), bytes_.begin() + base);
    }

    // Dummies of a quad read; a W25Q128 has four.
    uint32_t dummies = 4;

    // The data lines at the end of the cycle; high where nobody drives them.
    uint8_t io = 15;

    // A cycle with the pads' levels in it. SCK rises in its middle if it is clocked, and falls with the next one's first edge.
    void cycle(bool selected, bool clocked, uint8_t nibble) {
        now_++;
        if (high_) fall();
        if (selected != selected_) selected ? select() : deselect();
        selected_ = selected;
        high_ = selected && clocked;
        if (high_) rise(nibble);
    }

private:
    // tRES1 3 us; tSHSL2 50 ns, tSHSL1 10 ns.
    static constexpr int64_t kWakeCycles = 72, kGapCycles = 2, kGapOfReads = 1;
    static constexpr uint32_t kCommandClocks = 8, kAddressClocks = 6, kModeClocks = 2;

    // Clocks of a quad read, from the first of its address.
    uint32_t quad_clocks() const { return clocks_ - (by_mode_ ? 0 : kCommandClocks); }

    void select() {
        if (now_ - high_since_ < (quad_ && continuous_ ? kGapOfReads : kGapCycles)) wrong("/CS was high too short");
        if (now_ < awake_at_) wrong("a command within tRES1");
        clocks_ = 0;
        opcode_ = 0;
        quad_ = by_mode_ = continuous_;
    }

    void rise(uint8_t nibble) {
        if (quad_) {
            word_ = word_ << 4 | nibble;
            clocks_++;
            if (quad_clocks() == kAddressClocks) address_ = word_ & 0xffffff;
            if (quad_clocks() == kAddressClocks + kModeClocks) continuous_ = (word_ >> 4 & 3) == 2;
            return;
        }
        word_ = word_ << 1 | (nibble & 1);
        if (++clocks_ != kCommandClocks) return;
        opcode_ = static_cast<uint8_t>(word_);
        quad_ = opcode_ == 0xEB && !asleep_;
        if (quad_ && !qe_) wrong("a quad read without QE");
    }

    void fall() {
        io = 15;
        if (asleep_) return;
        uint32_t first = kAddressClocks + kModeClocks + dummies;
        if (quad_ && clocks_ >= kCommandClocks && quad_clocks() >= first) {
            bool low = (quad_clocks() - first) % 2 == 1;
            io = low ? bytes_[address_] & 15 : bytes_[address_] >> 4;
            if (low) address_ = (address_ + 1) & 0xffffff;
        } else if (opcode_ == 0x35 && clocks_ >= kCommandClocks) {
            io = clocks_ % 8 == 6 && qe_ ? 15 : 13;
        }
    }

    void deselect() {
        io = 15;
        high_since_ = now_;
        if (quad_ || clocks_ == 0) return;
        if (clocks_ % 8 != 0) wrong("a command ends within a byte");
        switch (opcode_) {
            case 0xFF:
            case 0x35:
                break;
            case 0xAB:
                asleep_ = false;
                awake_at_ = now_ + kWakeCycles;
                break;
            case 0x50:
                write_enabled_ = !asleep_;
                break;
            case 0x31:
                if (!asleep_ && (!write_enabled_ || clocks_ != 16)) wrong("a status is written without being enabled, or with more than a byte");
                if (!asleep_) qe_ = word_ >> 1 & 1;
                write_enabled_ = false;
                break;
            default:
                if (!asleep_) wrong("opcode " + std::to_string(opcode_));
        }
    }

    void wrong(const std::string& what) const { throw std::runtime_error("flash, cycle " + std::to_string(now_) + ": " + what); }

    std::vector<uint8_t> bytes_;
    int64_t now_ = 0, high_since_ = -kGapCycles, awake_at_ = 0;
    uint32_t word_ = 0, address_ = 0, clocks_ = 0;
    uint8_t opcode_ = 0;
    bool selected_ = false, high_ = false, asleep_ = true, qe_ = false, continuous_ = false, write_enabled_ = false;
    // The command under way is a quad read; it is one by the mode bits of the last one, without an opcode.
    bool quad_ = false, by_mode_ = false;
};
