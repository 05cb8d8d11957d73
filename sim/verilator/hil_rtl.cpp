// The core under Verilator behind a C interface: an opaque handle, main memory, the core's memories by name, run, counters, trace.
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "Vhil_core.h"
#include "Vhil_core___024root.h"
#include "hil_contract.h"
#include "memory_model.h"
#include "verilated.h"
#ifdef HIL_WAVES
#include "verilated_fst_c.h"
#endif
#ifdef HIL_COVERAGE
#include "verilated_cov.h"
#endif

namespace {

// What Verilator calls fatal: planted faults may close a loop of gates.
struct Fatal {};

// Widths of the core's ports: hil_derived.svh.
constexpr int kIndexBytes = 3;
constexpr int kCounterBytes = 6;
constexpr int kCounterLowBits = 8;
constexpr int kCounterLowMask = (1 << kCounterLowBits) - 1;
constexpr int kCounterPartBits = 16;
constexpr int kCounterParts = 4;
constexpr int kResetCycles = 2;
// Of a waveform: cycle n lies between 10 n and 10 (n + 1), the clock falls in its middle.
constexpr uint64_t kTicksPerCycle = 10;
// Of the basic counters: more than two sweeps (fpga/rtl/counters/hil_counters_basic.sv).
constexpr int kMostSettleCycles = 1000;
constexpr int kUnits = 4;

// A byte enable for each byte of a word and no bit more: Verilator takes an input's bits beyond its width as they are, and here they would
// be the next client's enables.
static_assert(HIL_WORD_BYTES <= 64, "the byte enables of a word fit one integer");
constexpr uint64_t kWholeWord = ~uint64_t{0} >> (64 - HIL_WORD_BYTES);

struct Retirement {
    int64_t start;
    int64_t retire;
    int64_t busy;
    int32_t index;
    int32_t unit;
};

// One memory of the core: its place in the hierarchy, and its elements, little-endian.
struct Memory {
    std::string name;
    uint8_t* data;
    int32_t element_bytes;
    int32_t depth;
};

template <typename T>
int64_t bits(const T& port, int first_byte, int bytes) {
    int64_t value = 0;
    std::memcpy(&value, reinterpret_cast<const uint8_t*>(&port) + first_byte, bytes);
    return value;
}

struct Simulation {
    // pacing: 0 beats as late as they may be, 1 as early, others as late and stalled at random by this seed.
    Simulation(const hil::Region* regions, int count, int pacing)
        : main(regions, count), early(pacing == 1), stalls(pacing > 1 ? pacing : 0), core(std::make_unique<Vhil_core>(&context)) {
#define HIL_MEMORY(member, path)                                                        \
    memories.push_back({path, reinterpret_cast<uint8_t*>(&core->rootp->member.m_storage[0]), \
                        static_cast<int32_t>(sizeof(core->rootp->member.m_storage[0])), \
                        static_cast<int32_t>(sizeof(core->rootp->member.m_storage) / sizeof(core->rootp->member.m_storage[0]))});
#include "memories.inc"
#undef HIL_MEMORY
#ifdef HIL_WAVES
        context.traceEverOn(true);
#endif
        core->clk_i = 0;
        core->eval();
        reset();
    }

    // The model's destructor looks for its scopes in the thread's context, which may be another simulation's, or gone.
    ~Simulation() {
        enter();
        close_waves();
    }

    void enter() { Verilated::threadContextp(&context); }

    void eval() {
        try {
            core->eval();
        } catch (const Fatal&) {
            fault = true;
        }
    }

    void clock() {
        core->clk_i = 0;
        eval();
        core->clk_i = 1;
        eval();
    }

    void reset() {
        burst = hil::Burst();
        core->mem_read_i = 0;
        core->mem_write_i = 0;
        core->mem_last_i = 0;
        core->rst_i = 1;
        for (int i = 0; i < kResetCycles; i++) clock();
        core->rst_i = 0;
    }

    void start(uint32_t entry, uint32_t count) {
        trace.clear();
        burst = hil::Burst();
        burst.stall_by(stalls);
        fault = false;
        now = 0;
        core->entry_i = entry;
        core->count_i = count;
        core->mem_read_i = 0;
        core->mem_write_i = 0;
        core->mem_last_i = 0;
        core->start_i = 1;
        clock();
        core->start_i = 0;
    }

    // Until the counters and the identity may be read.
    void settle() {
        core->eval();
        for (int i = 0; !core->counters_ready_o && i < kMostSettleCycles; i++) clock();
    }

    // A halfword of the port for counters.
    uint16_t word(int select, int part) {
        core->counter_read_i = 1;
        core->counter_select_i = select;
        core->counter_part_i = part;
        clock();
        return core->counter_word_o;
    }

    // One cycle: what memory does in it, what the core answers within it, the clock's edge.
    void cycle() {
        core->mem_read_i = 0;
        core->mem_write_i = 0;
        core->mem_last_i = 0;
        if (burst.active) {
            burst.step();
            core->mem_last_i = burst.last;
            if (burst.beat && burst.write) {
                core->mem_write_i = 1;
            } else if (burst.beat) {
                uint8_t data[16] = {};
                main.read(burst.beat_address, data, burst.beat_bytes);
                core->mem_read_i = 1;
                std::memcpy(&core->mem_rdata_i, data, sizeof(core->mem_rdata_i) < 16 ? sizeof(core->mem_rdata_i) : 16);
            }
        }

        core->clk_i = 0;
        eval();
        dump(now * kTicksPerCycle + kTicksPerCycle / 2);
        if (core->mem_write_i) {
            uint8_t data[16] = {};
            std::memcpy(data, &core->mem_wdata_o, sizeof(core->mem_wdata_o) < 16 ? sizeof(core->mem_wdata_o) : 16);
            fault = fault || !core->mem_wvalid_o;
            main.write(burst.beat_address, data, burst.beat_bytes);
        }
        if (core->mem_start_o) {
            fault = fault || burst.active;
            burst.start(main.region_of(core->mem_addr_o), core->mem_write_o, core->mem_addr_o, core->mem_bytes_o, HIL_PORT_BYTES, early);
        }
        if (core->retire_o) {
            for (int u = 0; u < kUnits; u++) {
                if ((core->retire_o >> u) & 1) {
                    trace.push_back({bits(core->retire_start_o, u * kCounterBytes, kCounterBytes),
                                     static_cast<int64_t>(core->now_o),
                                     bits(core->retire_busy_o, u * kCounterBytes, kCounterBytes),
                                     static_cast<int32_t>(bits(core->retire_index_o, u * kIndexBytes, kIndexBytes)), u});
                }
            }
        }
        core->clk_i = 1;
        eval();
        now++;
        dump(now * kTicksPerCycle);
    }

    void dump(uint64_t tick) {
#ifdef HIL_WAVES
        if (waves == nullptr || now < waves_from) return;
        if (now <= waves_to) {
            waves->dump(tick);
        } else {
            close_waves();
        }
#else
        (void)tick;
#endif
    }

    void close_waves() {
#ifdef HIL_WAVES
        if (waves != nullptr) waves->close();
        waves.reset();
#endif
    }

    VerilatedContext context;
    hil::MainMemory main;
    hil::Burst burst;
    bool early;
    uint32_t stalls;
    bool fault = false;
    // Cycles since START, as in docs/timing.md.
    uint64_t now = 0;
    std::unique_ptr<Vhil_core> core;
#ifdef HIL_WAVES
    std::unique_ptr<VerilatedFstC> waves;
    uint64_t waves_from = 0;
    uint64_t waves_to = 0;
#endif
    std::vector<Memory> memories;
    std::vector<Retirement> trace;
};

}  // namespace

#ifdef HIL_MUTANTS
void vl_fatal(const char*, int, const char*, const char*) { throw Fatal(); }
#endif

#define HIL_API extern "C" __attribute__((visibility("default")))

HIL_API Simulation* hil_create(const hil::Region* regions, int32_t count, int32_t pacing) {
    return new Simulation(regions, count, pacing);
}

HIL_API void hil_destroy(Simulation* s) { delete s; }

HIL_API void hil_main_clear(Simulation* s) { s->main.clear(); }

// 1 if all bytes lie in a region.
HIL_API int32_t hil_main_write(Simulation* s, uint64_t address, const uint8_t* bytes, int64_t n) {
    return s->main.write(address, bytes, n);
}

HIL_API void hil_main_read(Simulation* s, uint64_t address, uint8_t* bytes, int64_t n) { s->main.read(address, bytes, n); }

HIL_API int32_t hil_memory_count(Simulation* s) { return static_cast<int32_t>(s->memories.size()); }

HIL_API const char* hil_memory(Simulation* s, int32_t i, uint8_t** data, int32_t* element_bytes, int32_t* depth) {
    const Memory& m = s->memories[i];
    *data = m.data;
    *element_bytes = m.element_bytes;
    *depth = m.depth;
    return m.name.c_str();
}

// One word of the scratchpad through the core's host port, as a board's controller does it; only while no segment runs.
HIL_API void hil_host_write(Simulation* s, int32_t bank, int32_t word, const uint8_t* bytes) {
    s->enter();
    s->core->host_en_i = 1;
    s->core->host_we_i = 1;
    s->core->host_bank_i = bank;
    s->core->host_addr_i = word;
    s->core->host_be_i = kWholeWord;
    std::memcpy(&s->core->host_wdata_i, bytes, HIL_WORD_BYTES);
    s->clock();
    s->core->host_en_i = 0;
}

HIL_API void hil_host_read(Simulation* s, int32_t bank, int32_t word, uint8_t* bytes) {
    s->enter();
    s->core->host_en_i = 1;
    s->core->host_we_i = 0;
    s->core->host_bank_i = bank;
    s->core->host_addr_i = word;
    s->clock();
    s->core->host_en_i = 0;
    s->core->eval();
    std::memcpy(bytes, &s->core->host_rdata_o, HIL_WORD_BYTES);
}

// A soft reset, also while a segment runs; memories keep what they hold.
HIL_API void hil_reset(Simulation* s) {
    s->enter();
    s->reset();
}

HIL_API void hil_start(Simulation* s, uint32_t entry, uint32_t count) {
    s->enter();
    s->start(entry, count);
}

// Runs at most so many cycles. 1: done; 0: still running; -1: the core broke the port's protocol, or a planted fault made it oscillate.
HIL_API int32_t hil_run(Simulation* s, int64_t cycles) {
    s->enter();
    for (int64_t i = 0; i < cycles && s->core->running_o && !s->fault; i++) s->cycle();
    return s->fault ? -1 : s->core->done_o;
}

// Runs until an instruction retires, at most so many cycles. 1: done; 0: not done, a retirement or the limit; -1 as hil_run.
HIL_API int32_t hil_run_to_retirement(Simulation* s, int64_t cycles) {
    s->enter();
    size_t before = s->trace.size();
    for (int64_t i = 0; i < cycles && s->core->running_o && !s->fault && s->trace.size() == before; i++) s->cycle();
    return s->fault ? -1 : s->core->done_o;
}

// Cycles since START.
HIL_API int64_t hil_now(Simulation* s) { return static_cast<int64_t>(s->now); }

// Writes cycles from..to of the next segment to a file. 0 if this library was built without waveforms or the file cannot be written.
HIL_API int32_t hil_waves_open(Simulation* s, const char* path, int64_t from, int64_t to) {
#ifdef HIL_WAVES
    s->enter();
    s->close_waves();
    s->waves = std::make_unique<VerilatedFstC>();
    s->core->trace(s->waves.get(), 99);
    s->waves->open(path);
    s->waves_from = static_cast<uint64_t>(from);
    s->waves_to = static_cast<uint64_t>(to);
    return s->waves->isOpen();
#else
    (void)s;
    (void)path;
    (void)from;
    (void)to;
    return 0;
#endif
}

HIL_API void hil_waves_close(Simulation* s) {
    s->enter();
    s->close_waves();
}

// Forgets what was counted of lines and signals so far.
HIL_API void hil_coverage_clear(Simulation* s) {
#ifdef HIL_COVERAGE
    s->enter();
    s->context.coveragep()->zero();
#else
    (void)s;
#endif
}

// Writes how often each line ran and each bit changed, as verilator_coverage reads it. 0 if this library counts neither.
HIL_API int32_t hil_coverage_write(Simulation* s, const char* path) {
#ifdef HIL_COVERAGE
    s->enter();
    s->context.coveragep()->forcePerInstance(true);
    s->context.coveragep()->write(path);
    return 1;
#else
    (void)s;
    (void)path;
    return 0;
#endif
}

// Plants fault n of the list beside the library, none with 0; from the next cycle on.
HIL_API void hil_mutate(Simulation* s, int32_t n) {
#ifdef HIL_MUTANTS
    s->core->mutation_i = n;
#else
    (void)s;
    (void)n;
#endif
}

// A counter, part by part; only while no segment runs. The core takes a while after a segment before its counters are right.
HIL_API int64_t hil_counter(Simulation* s, int32_t i) {
    s->enter();
    s->settle();
    int64_t value = 0;
    for (int part = 0; part < kCounterParts; part++)
        value |= static_cast<int64_t>(s->word(i, part) & (part == 0 ? kCounterLowMask : 0xFFFF)) << (part == 0 ? 0 : kCounterLowBits + kCounterPartBits * (part - 1));
    return value;
}

// The registers of docs/registers.md from offset 0 on, HIL_IDENTITY_BYTES of them, by the core's port for counters; only while no segment runs.
HIL_API void hil_identity(Simulation* s, uint8_t* bytes) {
    s->enter();
    s->settle();
    for (int i = 0; i < static_cast<int>(HIL_IDENTITY_BYTES); i += 2) {
        uint16_t word = s->word(HIL_IDENTITY_SELECT + i / 8, i / 2 % kCounterParts);
        bytes[i] = static_cast<uint8_t>(word);
        bytes[i + 1] = static_cast<uint8_t>(word >> 8);
    }
}

HIL_API void hil_trap(Simulation* s, int32_t* reason, int32_t* index) {
    *reason = s->core->trap_reason_o;
    *index = s->core->trap_reason_o ? s->core->trap_index_o : 0;
}

HIL_API int64_t hil_trace_count(Simulation* s) { return static_cast<int64_t>(s->trace.size()); }

HIL_API const Retirement* hil_trace(Simulation* s) { return s->trace.data(); }
