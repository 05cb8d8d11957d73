using System.Buffers.Binary;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;

namespace Hil.Mutants.Tests.Verifier;

/// <summary>A small machine with flash and RAM, and programs whose constants hold a few lists of tiles.</summary>
internal static class VerifierSubjects
{
    public const uint BankBytes = 1024;
    public const uint Ram = 0x10_0000;
    public const uint RamEnd = Ram + 0x1_0000;
    public const uint ImageInRam = Ram + 0x4000;

    // Constants by offset in the image; a tile record is 2 + 4*2 bytes, a list begins at a multiple of 16.
    public const uint TwoTiles = 64;
    public const uint TwoTilesAlike = 96;
    public const uint FarTile = 128;
    private const int InstructionsAt = 256;

    public static readonly Machine Machine = new(
        "verifier-subject", "", true, 1_000_000, new ArrayShape(4, 2), new ScratchpadShape(2, (int)BankBytes, 4), 16, 4, 16, 1, 4,
        new VectorShape(1, 0, 0, 0, 8, 10, 10), new IssueShape(2, 4, 1, 1000),
        [
            new MemoryRegion("flash", 0, 0x1_0000, false, 16, 0, 1, 2, 256, 0, 0, ""),
            new MemoryRegion("ram", Ram, RamEnd - Ram, true, 8, 8, 1, 1, 256, 0, 0, ""),
        ],
        CounterSet.Full, new EnergyModel(0, 0, 0, 0, 0, ""));

    public static ProgramImage Program(Instruction[] code, uint imageBase, uint outputAddress)
    {
        var image = new byte[InstructionsAt + (code.Length * Instruction.Bytes)];
        Indices(image.AsSpan((int)TwoTiles), 0, 1);
        Indices(image.AsSpan((int)TwoTilesAlike), 3, 3);
        Indices(image.AsSpan((int)FarTile), 300);
        for (int i = 0; i < code.Length; i++)
        {
            code[i].WriteTo(image.AsSpan(InstructionsAt + (i * Instruction.Bytes)));
        }

        var output = new TensorPlace("output", Space.Scratchpad, outputAddress, 0, 1, 4, 4, ElementType.Int8, 1, 0, 0);
        return new ProgramImage(
            "subject", Machine.Name, "", "", imageBase, image, imageBase + InstructionsAt, code.Length, [], [output], [],
            [new ProgramLayer("all", "", 0, code.Length, 0, 0)], [], new Dictionary<string, string>());
    }

    private static void Indices(Span<byte> records, params ReadOnlySpan<ushort> indices)
    {
        for (int t = 0; t < indices.Length; t++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(records[(t * Machine.TileRecordBytes)..], indices[t]);
        }
    }
}
