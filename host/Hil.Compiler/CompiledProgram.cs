using Hil.Contract.Programs;

namespace Hil.Compiler;

/// <summary>A program and how it fills the machine's memories.</summary>
/// <param name="EstimatedCycles">What the scheduler counted; a guide for choosing between schedules, not a prediction.</param>
public sealed record CompiledProgram(ProgramImage Program, IReadOnlyList<MemoryFit> Memories, long EstimatedCycles);

/// <summary>How much of a memory a program uses: at most at one time, in the memory's own unit.</summary>
public sealed record MemoryFit(string Memory, string Unit, long Used, long Available);
