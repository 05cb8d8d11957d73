using Hil.Contract.Isa;
using Hil.Contract.Programs;

namespace Hil.Specification.Numerics;

/// <summary>Executes legal instructions one after the other, element by element. The judge of every other implementation's bytes.</summary>
public sealed class Executor(DeviceState state)
{
    private readonly LoadExecutor _load = new(state);
    private readonly VectorExecutor _vector = new(state);
    private readonly NormExecutor _norm = new(state);

    public DeviceState State { get; } = state;

    /// <summary>Writes the program's image to main memory and runs it to its END.</summary>
    public void Run(ProgramImage program)
    {
        ArgumentNullException.ThrowIfNull(program);
        State.Main.Write(program.ImageBase, program.Image.Span);
        for (int i = 0; i < program.InstructionCount; i++)
        {
            if (program[i].Opcode == Opcode.End)
            {
                return;
            }

            Execute(program[i]);
        }
    }

    public void Execute(Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Load:
                _load.Load(instruction);
                break;
            case Opcode.LoadWeights:
                _load.LoadWeights(instruction);
                break;
            case Opcode.LoadDynamic:
                _load.LoadDynamic(instruction);
                break;
            case Opcode.LoadParameters:
                _load.LoadParameters(instruction);
                break;
            case Opcode.LoadTable:
                _load.LoadTable(instruction);
                break;
            case Opcode.Store:
                _load.Store(instruction);
                break;
            case Opcode.Compute:
                Multiply(instruction);
                break;
            case Opcode.Requantize:
                _vector.Requantize(instruction);
                break;
            case Opcode.Map:
                _vector.Map(instruction);
                break;
            case Opcode.Add:
                _vector.Add(instruction);
                break;
            case Opcode.LayerNorm:
                _norm.LayerNorm(instruction);
                break;
            case Opcode.Softmax:
                _norm.Softmax(instruction);
                break;
            default:
                throw new ArgumentException($"Opcode {instruction.Opcode} has no action.", nameof(instruction));
        }
    }

    /// <summary>COMPUTE, docs/numerics.md section 4.</summary>
    private void Multiply(Instruction i)
    {
        int rows = State.Machine.Rows;
        int columns = State.Machine.Columns;
        int[] half = State.Accumulators[i[Compute.Half]];
        List<WeightTile> slot = State.Slots[i[Compute.Slot]];
        for (int m = 0; m < i[Compute.Rows]; m++)
        {
            long rowAddress = i[Compute.Source] + ((long)m * i[Compute.Stride] * State.Machine.WordBytes);
            for (int c = 0; c < columns; c++)
            {
                long sum = 0;
                for (int t = 0; t < i[Compute.Tiles]; t++)
                {
                    for (int r = 0; r < rows; r++)
                    {
                        int activation = State.Read8(rowAddress + ((long)slot[t].Index * rows) + r);
                        sum += activation * slot[t].Weights[(r * columns) + c];
                    }
                }

                long old = i.Flag(Compute.Accumulate) ? half[(m * columns) + c] : 0;
                long scaled = i.Flag(Compute.Shift7) ? old * 128 : old;
                half[(m * columns) + c] = unchecked((int)(scaled + sum));
            }
        }
    }
}
