using Hil.Contract.Isa;

namespace Hil.Specification.Numerics;

/// <summary>The instructions that only move bytes (docs/numerics.md section 3).</summary>
internal sealed class LoadExecutor(DeviceState state)
{
    private int WordBytes => state.Machine.WordBytes;

    public void Load(Instruction i)
    {
        long main = i[Contract.Isa.Load.Main];
        for (int row = 0; row < i[Contract.Isa.Load.Rows]; row++)
        {
            long scratch = i[Contract.Isa.Load.Scratch] + ((long)row * i[Contract.Isa.Load.Stride] * WordBytes);
            for (int b = 0; b < i[Contract.Isa.Load.RowWords] * WordBytes; b++)
            {
                state.Scratchpad[scratch + b] = state.Main[main++];
            }
        }
    }

    public void Store(Instruction i)
    {
        long main = i[Contract.Isa.Store.Main];
        for (int row = 0; row < i[Contract.Isa.Store.Rows]; row++)
        {
            long scratch = i[Contract.Isa.Store.Scratch] + ((long)row * i[Contract.Isa.Store.Stride] * WordBytes);
            for (int b = 0; b < i[Contract.Isa.Store.RowWords] * WordBytes; b++)
            {
                state.Main[main++] = state.Scratchpad[scratch + b];
            }
        }
    }

    public void LoadWeights(Instruction i)
    {
        int weights = state.Machine.Rows * state.Machine.Columns;
        int indexBytes = Math.Max(2, state.Machine.Columns);
        long main = i[Contract.Isa.LoadWeights.Main];
        List<WeightTile> slot = state.Slots[i[Contract.Isa.LoadWeights.Slot]];
        slot.Clear();
        for (int t = 0; t < i[Contract.Isa.LoadWeights.Tiles]; t++)
        {
            int index = state.Main[main] + (state.Main[main + 1] * 256);
            byte[] content = state.Main.Read(main + indexBytes, weights);
            slot.Add(new WeightTile(index, [.. content.Select(b => unchecked((sbyte)b))]));
            main += indexBytes + weights;
        }
    }

    public void LoadDynamic(Instruction i)
    {
        int rows = state.Machine.Rows;
        int columns = state.Machine.Columns;
        int length = (int)i[Contract.Isa.LoadDynamic.KLength];
        long rowBytes = (long)i[Contract.Isa.LoadDynamic.Stride] * WordBytes;
        List<WeightTile> slot = state.Slots[i[Contract.Isa.LoadDynamic.Slot]];
        slot.Clear();
        for (int t = 0; t < Rounding.CeilingDivide(length, rows); t++)
        {
            var weights = new sbyte[rows * columns];
            for (int r = 0; r < rows; r++)
            {
                for (int c = 0; c < columns; c++)
                {
                    int k = (t * rows) + r;
                    bool inside = k < length && c < i[Contract.Isa.LoadDynamic.Columns];
                    (int row, int column) = i.Flag(Contract.Isa.LoadDynamic.ByColumns) ? (c, k) : (k, c);
                    long address = i[Contract.Isa.LoadDynamic.Scratch] + (row * rowBytes) + column;
                    weights[(r * columns) + c] = inside ? (sbyte)state.Read8(address) : (sbyte)0;
                }
            }

            slot.Add(new WeightTile(t, weights));
        }
    }

    public void LoadParameters(Instruction i)
    {
        byte[] content = state.Main.Read(
            i[Contract.Isa.LoadParameters.Main], (int)i[Contract.Isa.LoadParameters.Count] * DeviceState.ParameterBytes);
        content.CopyTo(state.ParameterMemory, (int)i[Contract.Isa.LoadParameters.First] * DeviceState.ParameterBytes);
    }

    public void LoadTable(Instruction i)
    {
        byte[] content = state.Main.Read(i[Contract.Isa.LoadTable.Main], DeviceState.TableBytes);
        content.CopyTo(state.TableMemory, (int)i[Contract.Isa.LoadTable.Slot] * DeviceState.TableBytes);
    }
}
