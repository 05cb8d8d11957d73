using Hil.Contract.Machines;

namespace Hil.Contract.Isa;

/// <summary>One form rule of one instruction: what must hold of its fields, and the trap that follows where it does not.</summary>
/// <param name="Text">What must hold, for docs/isa.md.</param>
/// <param name="Holds">Whether it holds, from the word and the machine alone.</param>
public sealed record FormRule(TrapReason Reason, string Text, Func<Instruction, Machine, bool> Holds);
