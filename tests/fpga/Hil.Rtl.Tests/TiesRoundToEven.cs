using System.Buffers.Binary;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Devices;
using Hil.Specification.Programs;

namespace Hil.Rtl.Tests;

/// <summary>
/// REQUANTIZE on exact halves and at the ends of its ranges, for every shift: random programs meet them too rarely.
/// The accumulators are zero, so that the biases are the values.
/// </summary>
public sealed class TiesRoundToEven
{
    private const int MultiplierBits = 15;
    private const int MostShift = 63;
    private const uint ConstantBase = 0x8000;

    // Odd multiples of a half, on both sides of zero and of the limits of int8.
    private static readonly int[] Odds = [1, -1, 3, -3, 5, -7, 253, -253, 255, -255, 257, -257, 7, -5, 9, -9];

    [SkippableTheory]
    [InlineData("icebreaker")]
    [InlineData("ragged-2x4")]
    [InlineData("square-8x8")]
    public void For_every_shift(string name)
    {
        Skip.If(RtlBuild.Missing is not null, $"No RTL simulation: {RtlBuild.Missing}.");
        Machine machine = TestMachines.Named(name);
        using var rtl = new RtlSimulation(machine, RtlModel.Assertions);
        foreach (GeneratedProgram program in Programs(machine))
        {
            string differences = new ExpectedRun(program).Differences(rtl);
            Assert.True(differences.Length == 0, $"{program.Program.Name}:\n{differences}");
        }
    }

    /// <summary>Ties for every shift of both widths, some of them a program.</summary>
    internal static IEnumerable<GeneratedProgram> Programs(Machine machine)
    {
        for (int wide = 0; wide < 2; wide++)
        {
            for (int first = 0; first < Odds.Length; first += machine.Columns)
            {
                for (int low = 0; low <= MostShift; low += 16) yield return Program(machine, wide != 0, first, low, low + 15);
            }
        }
    }

    private static GeneratedProgram Program(Machine machine, bool wide, int first, int lowShift, int highShift)
    {
        var constants = new List<byte>();
        var program = new List<Instruction> { Instruction.Of(Compute.Definition, (Compute.Rows, 1u)).WithTokens(UnitSet.None, UnitSet.Vector) };
        long imageBase = machine.Regions[0].Base;
        int entries = (machine.Columns + 1) / 2 * 2;
        for (int shift = lowShift; shift <= highShift; shift++)
        {
            bool isFirst = shift == lowShift;
            program.Add(Instruction.Of(
                LoadParameters.Definition,
                (LoadParameters.Main, checked((uint)(imageBase + ConstantBase + constants.Count))), (LoadParameters.Count, (uint)entries))
                .WithTokens(isFirst ? UnitSet.None : UnitSet.Vector, UnitSet.Vector));
            for (int e = 0; e < entries; e++) constants.AddRange(Entry(Odds[(first + e) % Odds.Length], shift));
            while (constants.Count % 16 != 0) constants.Add(0);
            // A lane group of int16 is at most two words.
            uint output = (uint)((shift - lowShift) * 2 * machine.Columns);
            program.Add(Instruction.Of(
                Requantize.Definition,
                (Requantize.Output, (output + (uint)machine.WordBytes - 1) / (uint)machine.WordBytes * (uint)machine.WordBytes),
                (Requantize.Rows, 1u), (Requantize.Columns, (uint)machine.Columns), (Requantize.Shift, (uint)shift),
                (Requantize.Wide, wide ? 1u : 0))
                .WithTokens(UnitSet.Load | (isFirst ? UnitSet.Compute : UnitSet.None), shift == highShift ? UnitSet.None : UnitSet.Load));
        }

        program.Add(Instruction.Of(End.Definition));
        var image = new byte[ConstantBase + constants.Count];
        for (int i = 0; i < program.Count; i++) program[i].WriteTo(image.AsSpan(i * Instruction.Bytes));
        constants.CopyTo(image, (int)ConstantBase);
        return new GeneratedProgram(
            0, machine,
            new ProgramImage(
                $"values from {first}, shifts from {lowShift}, wide {wide}", machine.Name, "", "", checked((uint)imageBase), image, checked((uint)imageBase), program.Count, [], [], [], [], [],
                new Dictionary<string, string>()),
            [], 7);
    }

    /// <summary>bias · multiplier = odd · 2^(shift − 1), as far as the widths go; beyond, the ends of the ranges.</summary>
    private static byte[] Entry(int odd, int shift)
    {
        int half = Math.Max(0, shift - 1);
        int inMultiplier = Math.Min(half, MultiplierBits);
        int inBias = Math.Min(half - inMultiplier, 22);
        var entry = new byte[8];
        bool extreme = half - inMultiplier > 22;
        BinaryPrimitives.WriteInt32LittleEndian(entry, extreme ? (odd < 0 ? int.MinValue : int.MaxValue) : odd << inBias);
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(4), extreme ? ushort.MaxValue : (ushort)(1 << inMultiplier));
        return entry;
    }
}
