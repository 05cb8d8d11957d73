using Hil.Contract.Machines;

namespace Hil.Specification.Programs;

/// <summary>A strided operand in one bank; <c>Stride</c> in words.</summary>
internal readonly record struct Operand(uint Address, uint Stride, int Rows);

/// <summary>Finds places for operands inside one bank.</summary>
internal sealed class ScratchPlacer(Machine machine, Dice dice)
{
    private const int LargestStride = 4095;

    public int AnyBank() => dice.Between(0, machine.Scratchpad.Banks - 1);

    /// <summary>
    /// Rows of <paramref name="rowBytes"/> bytes, at most so many; fewer where the bank is too small. Null if not even one row fits.
    /// </summary>
    public Operand? Strided(int bank, int rows, long rowBytes, long alignment, bool reads, int largestStride = LargestStride)
    {
        int word = machine.WordBytes;
        long bankBytes = machine.Scratchpad.BankBytes;
        long least = (rowBytes + word - 1) / word;
        if (rowBytes > bankBytes || least > largestStride)
        {
            return null;
        }

        long fitting = rows == 1 ? LargestStride : (bankBytes - rowBytes) / word / (rows - 1);
        while (rows > 1 && fitting < least)
        {
            rows--;
            fitting = rows == 1 ? LargestStride : (bankBytes - rowBytes) / word / (rows - 1);
        }

        long most = Math.Min(fitting, largestStride);
        long stride = dice.Between(0, 7) switch
        {
            0 when reads => 0,
            1 when reads => dice.Between(0, least),
            2 => most,
            3 => dice.Between(least, most),
            4 => Math.Min(least + 1, most),
            _ => least,
        };
        long span = ((rows - 1) * stride * word) + rowBytes;
        long offset = Offset(bankBytes - span, alignment);
        return new Operand(checked((uint)((bank * bankBytes) + offset)), checked((uint)stride), rows);
    }

    /// <summary>Rows of N elements as LAYER_NORM, SOFTMAX and ADD have them; null if so many do not fit.</summary>
    public uint? Dense(int bank, int rows, int columns, int elementBytes)
    {
        long span = DenseBytes(rows, columns, elementBytes);
        long bankBytes = machine.Scratchpad.BankBytes;
        return span > bankBytes
            ? null
            : checked((uint)((bank * bankBytes) + Offset(bankBytes - span, machine.WordBytes)));
    }

    public long DenseBytes(int rows, int columns, int elementBytes) =>
        rows * ((((long)columns * elementBytes) + machine.WordBytes - 1) / machine.WordBytes) * machine.WordBytes;

    private long Offset(long most, long alignment) => dice.OneIn(4) ? most / alignment * alignment : dice.Aligned(most, alignment);
}
