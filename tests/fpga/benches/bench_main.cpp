// Runs a bench to its end. With +coverage=FILE it writes how often each line of what was counted ran, as verilator_coverage reads it.
#include <cstring>

#include "Vbench.h"
#include "verilated.h"
#if VM_COVERAGE
#include "verilated_cov.h"
#endif

int main(int argc, char** argv) {
    VerilatedContext context;
    context.commandArgs(argc, argv);
    Vbench bench(&context);
    while (!context.gotFinish()) {
        bench.eval();
        if (!bench.eventsPending()) break;
        context.time(bench.nextTimeSlot());
    }
    bench.final();
#if VM_COVERAGE
    const char option[] = "+coverage=";
    for (int i = 1; i < argc; i++) {
        if (std::strncmp(argv[i], option, sizeof(option) - 1) == 0) context.coveragep()->write(argv[i] + sizeof(option) - 1);
    }
#endif
    return 0;
}
