using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;

namespace Hil.Specification.Programs;

/// <summary>Bytes that the host writes to main memory before START, beside the image.</summary>
public sealed record HostWrite(long Address, byte[] Bytes);

/// <summary>A program with everything needed to run it, and the seed that makes it again.</summary>
public sealed record GeneratedProgram(
    int Seed, Machine Machine, ProgramImage Program, IReadOnlyList<HostWrite> HostWrites, uint PoisonSeed)
{
    public IReadOnlyList<Instruction> Instructions =>
        [.. Enumerable.Range(0, Program.InstructionCount).Select(i => Program[i])];

    public override string ToString() => $"seed {Seed} on {Machine.Name}, {Program.InstructionCount} instructions";
}

/// <summary>What kind of programs to make.</summary>
/// <param name="Length">Instructions, END excluded; null: chosen by the seed.</param>
/// <param name="ProductPathOnly">No LAYER_NORM, SOFTMAX, MAP and ADD.</param>
/// <param name="ElementLimit">Elements that one vector instruction works on, at most; a single row may be eight times as long.</param>
/// <param name="MacLimit">Products that one COMPUTE makes, about at most.</param>
/// <param name="ExtraTokens">One instruction in so many gets a token that no hazard needs; 0: none.</param>
/// <param name="Without">Instructions that no program has.</param>
public sealed record GeneratorOptions(
    int? Length = null, bool ProductPathOnly = false, int ElementLimit = 512, int MacLimit = 12_000, int ExtraTokens = 8, IReadOnlyList<Opcode>? Without = null)
{
    public static readonly GeneratorOptions Default = new();

    public static readonly GeneratorOptions ProductPath = new(ProductPathOnly: true);
}
