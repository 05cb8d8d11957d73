using Hil.Contract.Isa;
using static Hil.Specification.Numerics.Rounding;

namespace Hil.Specification.Numerics;

/// <summary>REQUANTIZE, MAP and ADD, element by element (docs/numerics.md sections 5 and 8).</summary>
internal sealed class VectorExecutor(DeviceState state)
{
    private int WordBytes => state.Machine.WordBytes;

    public void Requantize(Instruction i)
    {
        int shift = (int)i[Contract.Isa.Requantize.Shift];
        int index = (int)i[Contract.Isa.Requantize.Index];
        bool wide = i.Flag(Contract.Isa.Requantize.Wide);
        int[] half = state.Accumulators[i[Contract.Isa.Requantize.Half]];
        for (int m = 0; m < i[Contract.Isa.Requantize.Rows]; m++)
        {
            long row = i[Contract.Isa.Requantize.Output] + ((long)m * i[Contract.Isa.Requantize.Stride] * WordBytes);
            for (int c = 0; c < i[Contract.Isa.Requantize.Columns]; c++)
            {
                int accumulator = half[(m * state.Machine.Columns) + c];
                long y = i.Flag(Contract.Isa.Requantize.PerRow)
                    ? RequantizeFormula.PerRow(accumulator, state.RowScales[index + m], shift)
                    : RequantizeFormula.PerColumn(accumulator, state.Entry(index + c), shift);
                long address = row + (wide ? 2L * c : c);
                if (i.Flag(Contract.Isa.Requantize.Accumulate))
                {
                    state.Write16(address, RequantizeFormula.AccumulateWide(state.Read16(address), y));
                }
                else
                {
                    WriteScaled(
                        address, y, wide, i.Flag(Contract.Isa.Requantize.UseTable), (int)i[Contract.Isa.Requantize.TableSlot]);
                }
            }
        }
    }

    public void Map(Instruction i)
    {
        bool wideSource = i.Flag(Contract.Isa.Map.WideSource);
        bool wideOutput = i.Flag(Contract.Isa.Map.WideOutput);
        Parameter entry = state.Entry((int)i[Contract.Isa.Map.Index]);
        for (int m = 0; m < i[Contract.Isa.Map.Rows]; m++)
        {
            long source = i[Contract.Isa.Map.Source] + ((long)m * i[Contract.Isa.Map.SourceStride] * WordBytes);
            long output = i[Contract.Isa.Map.Output] + ((long)m * i[Contract.Isa.Map.OutputStride] * WordBytes);
            for (int c = 0; c < i[Contract.Isa.Map.Columns]; c++)
            {
                int element = wideSource ? state.Read16(source + (2L * c)) : state.Read8(source + c);
                WriteScaled(
                    output + (wideOutput ? 2L * c : c),
                    RequantizeFormula.Map(element, entry),
                    wideOutput,
                    i.Flag(Contract.Isa.Map.UseTable),
                    (int)i[Contract.Isa.Map.TableSlot]);
            }
        }
    }

    public void Add(Instruction i)
    {
        int columns = (int)i[Contract.Isa.Add.Columns];
        long rowBytes = (long)CeilingDivide(2 * columns, WordBytes) * WordBytes;
        Parameter first = state.Entry((int)i[Contract.Isa.Add.Index]);
        Parameter second = state.Entry((int)i[Contract.Isa.Add.Index] + state.Machine.Lanes);
        for (int m = 0; m < i[Contract.Isa.Add.Rows]; m++)
        {
            for (int c = 0; c < columns; c++)
            {
                long offset = (m * rowBytes) + (2L * c);
                int a = state.Read16(i[Contract.Isa.Add.A] + offset);
                int b = state.Read16(i[Contract.Isa.Add.B] + offset);
                state.Write16(i[Contract.Isa.Add.Output] + offset, RequantizeFormula.Add(a, b, first, second));
            }
        }
    }

    private void WriteScaled(long address, long y, bool wide, bool useTable, int tableSlot)
    {
        if (wide)
        {
            state.Write16(address, Saturate16(y));
        }
        else
        {
            state.Write8(address, useTable ? state.TableValue(tableSlot, Saturate8Full(y)) : Saturate8(y));
        }
    }
}
