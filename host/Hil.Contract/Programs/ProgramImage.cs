using Hil.Contract.Isa;

namespace Hil.Contract.Programs;

/// <summary>
/// A compiled program: what a device loads and runs. One segment; instructions and constants lie in one image of main memory.
/// Saved as <c>.hilp</c> by <c>ProgramFile</c>.
/// </summary>
/// <param name="Name">Of the model or product.</param>
/// <param name="MachineHash">Of the machine it was compiled for.</param>
/// <param name="ContractHash">Of instruction set, numerics and timing.</param>
/// <param name="ImageBase">Byte address of the image in main memory.</param>
/// <param name="Image">Constants and instructions, in place.</param>
/// <param name="Entry">Byte address of the first instruction, a multiple of 16*fetchInstructions.</param>
/// <param name="InstructionCount">END included.</param>
/// <param name="Inputs">Where the host writes before START.</param>
/// <param name="Outputs">Where the host reads after DONE.</param>
/// <param name="Layers">Consecutive ranges that cover all instructions.</param>
/// <param name="Nests">The loop nests that Predict reads.</param>
/// <param name="Metadata">Free text by key: model hash, options, versions; no part of the meaning.</param>
public sealed record ProgramImage(
    string Name,
    string MachineName,
    string MachineHash,
    string ContractHash,
    uint ImageBase,
    ReadOnlyMemory<byte> Image,
    uint Entry,
    int InstructionCount,
    IReadOnlyList<TensorPlace> Inputs,
    IReadOnlyList<TensorPlace> Outputs,
    IReadOnlyList<TensorPlace> Observables,
    IReadOnlyList<ProgramLayer> Layers,
    IReadOnlyList<LoopNest> Nests,
    IReadOnlyDictionary<string, string> Metadata)
{
    public Instruction this[int index] =>
        Instruction.ReadFrom(Image.Span.Slice(checked((int)(Entry - ImageBase)) + (index * Instruction.Bytes)));
}

public enum Space
{
    Main,
    Scratchpad,
}

public enum ElementType
{
    Int8,
    Int16,

    /// <summary>A 15-bit model input: two int8 tensors, hi then lo (numerics, section 10); the second plane lies at <c>SecondAddress</c>.</summary>
    Wide15,
}

/// <summary>
/// Where a tensor lies and how integers become reals: real = scale * (integer - zeroPoint).
/// Stride in bytes. An observable is valid at the end of its layer only (for noise per layer), an output at DONE.
/// </summary>
public sealed record TensorPlace(
    string Name,
    Space Space,
    long Address,
    long SecondAddress,
    int Rows,
    int Columns,
    int StrideBytes,
    ElementType Type,
    double Scale,
    int ZeroPoint,
    int Layer);

/// <summary>A layer: a range of instructions, named by the ONNX node that gives its output.</summary>
public sealed record ProgramLayer(string Name, string Kind, int FirstInstruction, int InstructionCount, long Macs, long SkippedMacs);
