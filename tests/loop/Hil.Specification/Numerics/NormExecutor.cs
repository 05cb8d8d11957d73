using Hil.Contract.Isa;
using static Hil.Specification.Numerics.Rounding;

namespace Hil.Specification.Numerics;

/// <summary>LAYER_NORM and SOFTMAX, row by row (docs/numerics.md sections 6 and 7).</summary>
internal sealed class NormExecutor(DeviceState state)
{
    public void LayerNorm(Instruction i)
    {
        int columns = (int)i[Contract.Isa.LayerNorm.Columns];
        int index = (int)i[Contract.Isa.LayerNorm.Index];
        int lanes = state.Machine.Lanes;
        Parameter header = state.Entry(index + (CeilingDivide(columns, lanes) * lanes));
        for (int m = 0; m < i[Contract.Isa.LayerNorm.Rows]; m++)
        {
            int[] row = Read16Row(i[Contract.Isa.LayerNorm.Source] + (m * DenseRowBytes(columns, 2)), columns);
            int[] normalised = LayerNormFormula.Normalise(row, unchecked((uint)header.Bias), i.Flag(Contract.Isa.LayerNorm.Rms));
            for (int c = 0; c < columns; c++)
            {
                long q = LayerNormFormula.Affine(normalised[c], state.Entry(index + c));
                if (i.Flag(Contract.Isa.LayerNorm.Write8))
                {
                    long address = i[Contract.Isa.LayerNorm.Output8] + (m * DenseRowBytes(columns, 1)) + c;
                    state.Write8(address, Saturate8(RoundHalfEven(q, header.Shift)));
                }

                if (i.Flag(Contract.Isa.LayerNorm.Write16))
                {
                    long address = i[Contract.Isa.LayerNorm.Output16] + (m * DenseRowBytes(columns, 2)) + (2L * c);
                    state.Write16(address, Saturate16(RoundHalfEven(q, header.Extra)));
                }
            }
        }
    }

    public void Softmax(Instruction i)
    {
        int columns = (int)i[Contract.Isa.Softmax.Columns];
        int index = (int)i[Contract.Isa.Softmax.Index];
        int factor = state.Entry(index).Multiplier;
        for (int m = 0; m < i[Contract.Isa.Softmax.Rows]; m++)
        {
            int length = SoftmaxFormula.ValidLength(
                columns, (int)i[Contract.Isa.Softmax.Length0], i.Flag(Contract.Isa.Softmax.Causal), m);
            int[] scores = Read16Row(i[Contract.Isa.Softmax.Source] + (m * DenseRowBytes(columns, 2)), columns);
            int[] exponentials = SoftmaxFormula.Row(
                scores, c => c < length && (!i.Flag(Contract.Isa.Softmax.Masked) || MaskBit(index, c)));
            for (int c = 0; c < columns; c++)
            {
                state.Write8(i[Contract.Isa.Softmax.Output] + (m * DenseRowBytes(columns, 1)) + c, exponentials[c]);
            }

            state.RowScales[i[Contract.Isa.Softmax.RowScale] + m] =
                SoftmaxFormula.Scale(exponentials.Sum(e => (long)e), factor);
        }
    }

    /// <summary>The mask's bits start a lane group after the entry, little-endian.</summary>
    private bool MaskBit(int index, int key)
    {
        int first = (index + state.Machine.Lanes) * DeviceState.ParameterBytes;
        return ((state.ParameterMemory[first + (key / 8)] >> (key % 8)) & 1) != 0;
    }

    private int[] Read16Row(long address, int columns) =>
        [.. Enumerable.Range(0, columns).Select(c => state.Read16(address + (2L * c)))];

    private long DenseRowBytes(int columns, int elementBytes) =>
        (long)CeilingDivide(columns * elementBytes, state.Machine.WordBytes) * state.Machine.WordBytes;
}
