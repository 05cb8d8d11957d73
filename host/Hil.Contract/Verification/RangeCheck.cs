using System.Buffers.Binary;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;

namespace Hil.Contract.Verification;

/// <summary>Whether every operand lies in its memory and apart from the others of its instruction, and every tile list is as its COMPUTE says.</summary>
internal sealed class RangeCheck(ProgramImage program, Machine machine, FindingList findings, VerifierMutation mutation)
{
    private const int SlotNeverLoaded = -1;

    private readonly long _imageEnd = program.ImageBase + (long)program.Image.Length;
    private readonly int[] _slotTiles = [SlotNeverLoaded, SlotNeverLoaded];
    private readonly int[] _slotHighest = [0, 0];

    public void Run(Instruction[] instructions)
    {
        Span<Access> buffer = new Access[Accesses.Most];
        for (int index = 0; index < instructions.Length; index++)
        {
            Instruction instruction = instructions[index];
            int highest = instruction.Opcode == Opcode.Compute ? CheckTiles(index, instruction) : -1;
            if (mutation == VerifierMutation.TileReachUnchecked) highest = -1;
            Span<Access> accesses = buffer[..Accesses.Write(instruction, machine, buffer, highest)];
            foreach (ref readonly Access access in accesses) CheckRange(index, instruction.Opcode, access);
            CheckOverlaps(index, instruction, accesses);
            NoteSlot(index, instruction);
        }
    }

    private void CheckRange(int index, Opcode opcode, in Access access)
    {
        if (access.Resource == Resource.Scratchpad)
        {
            if (access.Bank(machine) >= machine.Scratchpad.Banks)
                Unless(VerifierMutation.ScratchpadEndUnchecked)?.Add(index, FindingKind.Range, $"{access.Operand} 0x{access.First:X} is beyond the scratchpad");
            else if ((access.End - 1) / machine.Scratchpad.BankBytes != access.Bank(machine))
                Unless(VerifierMutation.BankEndUnchecked)?.Add(index, FindingKind.Range, $"{access.Operand} reaches from 0x{access.First:X} to 0x{access.End - 1:X}, beyond its bank");
            if (access.Writes && access.Rows > 1 && access.Stride < access.RowLength)
                Unless(VerifierMutation.WrittenRowsMayOverlap)?.Add(index, FindingKind.Range, $"{access.Operand}: rows of {access.RowLength} bytes are written {access.Stride} bytes apart");
        }
        else if (access.Resource == Resource.Main)
        {
            MemoryRegion? region = machine.RegionOf(access.First, access.End - access.First);
            if (region is null)
                Unless(VerifierMutation.RegionEndUnchecked)?.Add(index, FindingKind.Range, $"{access.Operand} 0x{access.First:X} to 0x{access.End - 1:X} does not lie in one region");
            else if (access.Writes && !region.Writable)
                Unless(VerifierMutation.StoreAnywhere)?.Add(index, FindingKind.Range, $"{access.Operand} 0x{access.First:X} lies in {region.Name}, which is not writable");
            bool inImage = access.First >= program.ImageBase && access.End <= _imageEnd;
            if (access.Writes && access.First < _imageEnd && access.End > program.ImageBase)
                Unless(VerifierMutation.ImageMayBeOverwritten)?.Add(index, FindingKind.Image, $"{access.Operand} 0x{access.First:X} to 0x{access.End - 1:X} would overwrite the image");
            else if (access.Reads && opcode != Opcode.Load && !inImage && !(opcode == Opcode.LoadParameters && IsInput(access)))
                Unless(VerifierMutation.ConstantsAnywhere)?.Add(index, FindingKind.Image, $"{access.Operand} 0x{access.First:X} to 0x{access.End - 1:X} is not in the image");
        }
    }

    // Parameters may come from the host: the bitmaps of masks.
    private bool IsInput(in Access access)
    {
        foreach (TensorPlace input in program.Inputs)
        {
            if (input.Space == Space.Main && input.Rows == 1 && access.First >= input.Address && access.End <= input.Address + input.Columns) return true;
        }

        return false;
    }

    // An output may be an operand itself, where its instruction allows that; else it must lie apart.
    private void CheckOverlaps(int index, Instruction instruction, ReadOnlySpan<Access> accesses)
    {
        for (int o = 0; o < accesses.Length; o++)
        {
            Access output = accesses[o];
            if (output.Resource != Resource.Scratchpad || !output.Writes) continue;
            for (int s = 0; s < accesses.Length; s++)
            {
                Access other = accesses[s];
                bool twice = s == o || (other.Writes && s < o);
                if (twice || other.Resource != Resource.Scratchpad || !Overlap(output, other)) continue;
                if (!other.Writes && MayBeItself(instruction.Opcode, output, other)) continue;
                Unless(VerifierMutation.OutputMayOverlap)?.Add(index, FindingKind.Overlap, $"{output.Operand} lies over {other.Operand}");
            }
        }
    }

    /// <summary>Where findings go, or null if the rule is taken away.</summary>
    private FindingList? Unless(VerifierMutation rule) => mutation == rule ? null : findings;

    private static bool MayBeItself(Opcode opcode, in Access output, in Access source) => opcode switch
    {
        Opcode.LayerNorm => output.Operand == "output16" && output.First == source.First,
        Opcode.Softmax or Opcode.Add => output.First == source.First,
        Opcode.Map => output.First == source.First && output.Stride == source.Stride && output.RowLength == source.RowLength,
        _ => false,
    };

    private static bool Overlap(in Access a, in Access b)
    {
        if (a.End <= b.First || b.End <= a.First) return false;
        if (a.Stride != b.Stride || a.Stride == 0) return true;
        // Equal strides: a's runs repeat every stride, b's begin `shift` later.
        long shift = (((b.First - a.First) % a.Stride) + a.Stride) % a.Stride;
        return shift < a.RowLength || shift + b.RowLength > a.Stride;
    }

    private int CheckTiles(int index, Instruction instruction)
    {
        int tiles = (int)instruction[Compute.Tiles];
        if (tiles == 0) return -1;
        int slot = (int)instruction[Compute.Slot];
        if (_slotTiles[slot] == SlotNeverLoaded)
            Unless(VerifierMutation.SlotMayBeEmpty)?.Add(index, FindingKind.Tiles, $"slot {slot} has not been loaded");
        else if (_slotTiles[slot] != tiles)
            Unless(VerifierMutation.TileCountUnchecked)?.Add(index, FindingKind.Tiles, $"tiles is {tiles}, slot {slot} holds {_slotTiles[slot]}");
        return _slotHighest[slot];
    }

    private void NoteSlot(int index, Instruction instruction)
    {
        if (instruction.Opcode == Opcode.LoadDynamic)
        {
            int slot = (int)instruction[LoadDynamic.Slot];
            _slotTiles[slot] = ((int)instruction[LoadDynamic.KLength] + machine.Rows - 1) / machine.Rows;
            _slotHighest[slot] = _slotTiles[slot] - 1;
        }
        else if (instruction.Opcode == Opcode.LoadWeights)
        {
            int slot = (int)instruction[LoadWeights.Slot];
            _slotTiles[slot] = (int)instruction[LoadWeights.Tiles];
            _slotHighest[slot] = ReadIndices(index, instruction);
        }
    }

    // The highest index of a list of tiles in the image, which must increase strictly.
    private int ReadIndices(int index, Instruction instruction)
    {
        long at = instruction[LoadWeights.Main] - (long)program.ImageBase;
        int highest = -1;
        for (int t = 0; t < instruction[LoadWeights.Tiles]; t++, at += machine.TileRecordBytes)
        {
            // A list outside of the image is a finding of its own.
            if (at < 0 || at + machine.TileRecordBytes > program.Image.Length) return Math.Max(0, highest);
            int k = BinaryPrimitives.ReadUInt16LittleEndian(program.Image.Span[(int)at..]);
            if (k <= highest && !(k == highest && mutation == VerifierMutation.TileIndicesMayRepeat))
            {
                findings.Add(index, FindingKind.Tiles, $"tile {t} has index {k} after {highest}");
                return Math.Max(k, highest);
            }

            highest = k;
        }

        return highest;
    }
}
