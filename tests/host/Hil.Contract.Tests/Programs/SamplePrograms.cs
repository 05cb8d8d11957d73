using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Verification;

namespace Hil.Contract.Tests.Programs;

/// <summary>Small legal programs for the icebreaker.</summary>
internal static class SamplePrograms
{
    public static readonly Machine Icebreaker = MachineFile.Bundled("icebreaker");

    /// <summary>Address of the instructions of <see cref="Product"/>.</summary>
    public const int Entry = 256;

    /// <summary>One product of 8 x 8 by 8 x 2: weights at 0, parameters at 32, instructions at 256.</summary>
    public static ProgramImage Product(IReadOnlyDictionary<string, string>? metadata = null) =>
        Of(ProductInstructions(), metadata);

    public static Instruction[] ProductInstructions() => TokenPlacement.Place(
        [
            Instruction.Of(LoadWeights.Definition, (LoadWeights.Main, 0u), (LoadWeights.Tiles, 2u), (LoadWeights.Slot, 1u)),
            Instruction.Of(LoadParameters.Definition, (LoadParameters.Main, 32u), (LoadParameters.First, 4u), (LoadParameters.Count, 2u)),
            Instruction.Of(
                Compute.Definition, (Compute.Source, 0u), (Compute.Stride, 2u), (Compute.Rows, 8u), (Compute.Tiles, 2u), (Compute.Slot, 1u)),
            Instruction.Of(
                Requantize.Definition, (Requantize.Output, 65536u), (Requantize.Stride, 1u), (Requantize.Rows, 8u), (Requantize.Columns, 2u),
                (Requantize.Shift, 16u), (Requantize.Index, 4u)),
            Instruction.Of(End.Definition),
        ],
        Icebreaker);

    /// <summary>A program over an image that holds two weight tiles (k = 0, 1) at 0 and 40 and parameters at 32.</summary>
    public static ProgramImage Of(Instruction[] instructions, IReadOnlyDictionary<string, string>? metadata = null)
    {
        byte[] image = new byte[Entry + (instructions.Length * Instruction.Bytes)];
        for (int i = 0; i < Entry; i++) image[i] = (byte)(i * 37 % 251);
        image[0] = image[1] = 0;
        image[10] = 1;
        image[11] = 0;
        image[20] = image[21] = 0; // no third index
        for (int i = 0; i < instructions.Length; i++) instructions[i].WriteTo(image.AsSpan(Entry + (i * Instruction.Bytes)));
        var program = new ProgramImage(
            "product", "", "", "", 0, image, Entry, instructions.Length,
            [new TensorPlace("x", Space.Scratchpad, 0, 0, 8, 8, 8, ElementType.Int8, 0.015625, 0, -1)],
            [new TensorPlace("y", Space.Scratchpad, 65536, 0, 8, 2, 4, ElementType.Int8, 0.1, 0, 0)],
            [],
            [new ProgramLayer("y", "product", 0, instructions.Length, 128, 0)],
            [
                new LoopNest(0,
                [
                    new Stage(
                        3,
                        [
                            new Step(StepKind.Compute, 8, 2, 2.5, 7, true, true, 1, 2, [0, 1])
                            {
                                Bursts = 1.5, PagesCrossed = 0.25, Region = 1, FirstBurstBytes = 24,
                                Sizes = [new StepSize(1, 2, 3, 4), new StepSize(5, 6, 7, 8), new StepSize(9, 10, 11, 12)],
                            },
                        ],
                        [new SerialPair(0, 0, 1)])
                    {
                        Entry = [new EntryWait(1, 0, Unit.Vector, 2)],
                    },
                ]),
            ],
            metadata ?? new Dictionary<string, string>());
        return ProgramFile.Bind(program, Icebreaker);
    }
}
