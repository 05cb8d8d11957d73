// Main memory behind the core's port: regions, and bursts that cost what docs/timing.md section 5 says, to the cycle.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace hil {

// As Hil.Contract.Machines.MemoryRegion; the layout is shared with C#.
struct Region {
    uint64_t base;
    uint64_t bytes;
    int32_t writable;
    int32_t read_latency_cycles;
    int32_t write_latency_cycles;
    int32_t beat_bytes;
    int32_t cycles_per_beat;
    int32_t max_burst_bytes;
    int32_t page_bytes;
    int32_t page_cycles;
};

class MainMemory {
public:
    MainMemory(const Region* regions, int count) {
        for (int i = 0; i < count; i++) {
            // calloc: pages that nobody touches take no memory, and everything begins as zero.
            stores_.push_back({regions[i], static_cast<uint8_t*>(std::calloc(regions[i].bytes, 1))});
        }
    }

    ~MainMemory() {
        for (Store& s : stores_) std::free(s.data);
    }

    MainMemory(const MainMemory&) = delete;
    MainMemory& operator=(const MainMemory&) = delete;

    void clear() {
        for (Store& s : stores_) {
            std::free(s.data);
            s.data = static_cast<uint8_t*>(std::calloc(s.region.bytes, 1));
        }
    }

    // The region that holds an address; null outside of all.
    const Region* region_of(uint64_t address) const {
        for (const Store& s : stores_) {
            if (address >= s.region.base && address - s.region.base < s.region.bytes) return &s.region;
        }
        return nullptr;
    }

    // Bytes outside of all regions read as zero and are not written.
    void read(uint64_t address, uint8_t* to, uint64_t n) const {
        for (uint64_t i = 0; i < n; i++) {
            const uint8_t* p = at(address + i);
            to[i] = p ? *p : 0;
        }
    }

    bool write(uint64_t address, const uint8_t* from, uint64_t n) {
        bool all = true;
        for (uint64_t i = 0; i < n; i++) {
            uint8_t* p = at(address + i);
            if (p) *p = from[i];
            else all = false;
        }
        return all;
    }

private:
    struct Store {
        Region region;
        uint8_t* data;
    };

    uint8_t* at(uint64_t address) const {
        for (const Store& s : stores_) {
            if (address >= s.region.base && address - s.region.base < s.region.bytes) return s.data + (address - s.region.base);
        }
        return nullptr;
    }

    std::vector<Store> stores_;
};

// The burst under way. Cycle j runs from 1, the cycle after the grant, to the burst's length.
class Burst {
public:
    // early: read beats come as soon as they can instead of as late, to try the core's pipelines; the length stays.
    void start(const Region* region, bool is_write, uint64_t address, uint32_t bytes, int port_bytes, bool early) {
        write = is_write;
        address_ = address;
        bytes_ = bytes;
        port_bytes_ = port_bytes;
        region_ = region;
        early_ = early && !is_write;
        cycle_ = 0;
        moved_ = 0;
        length_ = time_of(bytes);
        active = true;
    }

    // Cycles of the burst in which nothing happens, at random: about a third. It is then longer than the contract says.
    void stall_by(uint32_t seed) { stalls_ = seed; }

    // Steps to the burst's next cycle; afterwards beat and last say what happens in it.
    void step() {
        if (stalls_ != 0) {
            // xorshift32
            stalls_ ^= stalls_ << 13;
            stalls_ ^= stalls_ >> 17;
            stalls_ ^= stalls_ << 5;
            if (stalls_ % 3 == 0) {
                beat = false;
                last = false;
                return;
            }
        }
        cycle_++;
        last = cycle_ == length_;
        uint32_t left = bytes_ - moved_;
        beat_bytes = left < static_cast<uint32_t>(port_bytes_) ? left : port_bytes_;
        beat_address = address_ + moved_;
        beat = left > 0 && (early_ || cycle_ >= time_of(moved_ + beat_bytes));
        if (beat) moved_ += beat_bytes;
        if (last) active = false;
    }

    bool active = false;
    bool write = false;
    bool beat = false;
    bool last = false;
    uint32_t beat_bytes = 0;
    uint64_t beat_address = 0;

private:
    // The cycle in which so many bytes have moved.
    uint64_t time_of(uint32_t bytes) const {
        if (region_ == nullptr) return 1;
        uint64_t beats = (bytes + region_->beat_bytes - 1) / region_->beat_bytes;
        uint64_t crossed = region_->page_bytes == 0 ? 0
            : (address_ + bytes - 1) / region_->page_bytes - address_ / region_->page_bytes;
        return (write ? region_->write_latency_cycles : region_->read_latency_cycles)
            + beats * region_->cycles_per_beat + region_->page_cycles * crossed;
    }

    const Region* region_ = nullptr;
    uint64_t address_ = 0;
    uint64_t length_ = 0;
    uint64_t cycle_ = 0;
    uint32_t bytes_ = 0;
    uint32_t moved_ = 0;
    int port_bytes_ = 1;
    bool early_ = false;
    uint32_t stalls_ = 0;
};

}  // namespace hil
