using Hil.Contract.Isa;
using Hil.Contract.Machines;

namespace Hil.Contract.Tests.Verification;

/// <summary>Random well-formed instructions that share few resources, so that conflicts are frequent.</summary>
internal static class RandomInstructions
{
    public static readonly Machine Machine = MachineFile.Bundled("ulx3s-85f");

    /// <summary>Main memory that is stored to and loaded from; far from any image.</summary>
    public const uint Buffer = 1 << 20;

    public static Instruction[] Program(int length, int seed, int banks = 4)
    {
        var random = new Random(seed);
        var program = new Instruction[length];
        for (int i = 0; i < length - 1; i++) program[i] = Next(random, banks);
        program[^1] = Instruction.Of(End.Definition);
        return program;
    }

    private static Instruction Next(Random r, int banks)
    {
        uint Bank() => (uint)(r.Next(banks) * Machine.Scratchpad.BankBytes) + (uint)(r.Next(8) * 16);
        uint Bit() => (uint)r.Next(2);
        uint Entry() => (uint)r.Next(4) * 8;
        return r.Next(10) switch
        {
            0 => Instruction.Of(LoadWeights.Definition, (LoadWeights.Main, 0u), (LoadWeights.Tiles, 2u), (LoadWeights.Slot, Bit())),
            1 => Instruction.Of(
                Load.Definition, (Load.Main, Buffer + (uint)(r.Next(16) * 16)), (Load.Scratch, Bank()), (Load.Rows, 2u), (Load.RowWords, 2u),
                (Load.Stride, 2u)),
            2 => Instruction.Of(
                LoadParameters.Definition, (LoadParameters.Main, 0u), (LoadParameters.First, Entry()),
                (LoadParameters.Count, 2u * (uint)r.Next(1, 8))),
            3 => Instruction.Of(LoadTable.Definition, (LoadTable.Main, 0u), (LoadTable.Slot, Bit())),
            4 or 5 => Instruction.Of(
                Compute.Definition, (Compute.Source, Bank()), (Compute.Stride, 4u), (Compute.Rows, 2u), (Compute.Tiles, Bit() * 2),
                (Compute.Slot, Bit()), (Compute.Half, Bit()), (Compute.Accumulate, Bit())),
            6 => Instruction.Of(
                Requantize.Definition, (Requantize.Output, Bank()), (Requantize.Stride, 1u), (Requantize.Rows, 2u), (Requantize.Columns, 8u),
                (Requantize.Half, Bit()), (Requantize.Index, Entry()), (Requantize.UseTable, 1u), (Requantize.TableSlot, Bit())),
            7 => Instruction.Of(
                Softmax.Definition, (Softmax.Source, Bank()), (Softmax.Output, Bank()), (Softmax.Rows, 2u), (Softmax.Columns, 4u),
                (Softmax.Index, Entry()), (Softmax.RowScale, (uint)r.Next(8))),
            8 => Instruction.Of(
                Requantize.Definition, (Requantize.Output, Bank()), (Requantize.Stride, 1u), (Requantize.Rows, 2u), (Requantize.Columns, 8u),
                (Requantize.Half, Bit()), (Requantize.Index, (uint)r.Next(8)), (Requantize.PerRow, 1u)),
            _ => Instruction.Of(
                Store.Definition, (Store.Main, Buffer + (uint)(r.Next(16) * 16)), (Store.Scratch, Bank()), (Store.Rows, 2u),
                (Store.RowWords, 2u), (Store.Stride, 2u)),
        };
    }
}
