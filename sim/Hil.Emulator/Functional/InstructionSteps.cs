using Hil.Contract;
using Hil.Contract.Isa;

namespace Hil.Emulator.Functional;

/// <summary>Executes one instruction by itself, in program order.</summary>
public static class InstructionSteps
{
    /// <summary>Opcodes that the emulator executes; all of the instruction set.</summary>
    public static readonly IReadOnlyList<Opcode> Handled =
    [
        Opcode.End, Opcode.Load, Opcode.LoadWeights, Opcode.LoadDynamic, Opcode.LoadParameters, Opcode.LoadTable,
        Opcode.Compute, Opcode.Requantize, Opcode.LayerNorm, Opcode.Softmax, Opcode.Map, Opcode.Add, Opcode.Store,
    ];

    /// <exception cref="HilException">It touches memory that is not there: the program was not verified.</exception>
    public static void Execute(DeviceState state, Instruction i, int index)
    {
        try
        {
            Execute(state, i);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw OutOfMemory(i, index, e);
        }
    }

    internal static HilException OutOfMemory(Instruction i, int index, Exception cause) => new(
        ExitKind.BadInput, $"{i.Opcode} reaches outside the memories of the machine.", $"instruction {index}",
        "Verify the program before it runs.", cause);

    private static void Execute(DeviceState state, Instruction i)
    {
        switch (i.Opcode)
        {
            case Opcode.End: break;
            case Opcode.Load: LoadSteps.Load(state, i); break;
            case Opcode.LoadWeights: LoadSteps.LoadWeights(state, i); break;
            case Opcode.LoadDynamic: LoadSteps.LoadDynamic(state, i); break;
            case Opcode.LoadParameters: LoadSteps.LoadParameters(state, i); break;
            case Opcode.LoadTable: LoadSteps.LoadTable(state, i); break;
            case Opcode.Compute: ComputeStep.Run(state, i); break;
            case Opcode.Requantize: RequantizeStep.Run(state, i); break;
            case Opcode.LayerNorm: LayerNormStep.Run(state, i); break;
            case Opcode.Softmax: SoftmaxStep.Run(state, i); break;
            case Opcode.Map: ElementSteps.Map(state, i); break;
            case Opcode.Add: ElementSteps.Add(state, i); break;
            case Opcode.Store: LoadSteps.Store(state, i); break;
            default: throw new ArgumentException($"{i.Opcode} has no handler.", nameof(i));
        }
    }
}
