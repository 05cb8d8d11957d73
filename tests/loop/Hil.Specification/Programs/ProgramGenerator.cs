using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Verification;

namespace Hil.Specification.Programs;

/// <summary>Makes random legal programs; the same seed, machine and options give the same program.</summary>
public static class ProgramGenerator
{
    private const int MostAttempts = 40;

    public static GeneratedProgram Make(Machine machine, int seed, GeneratorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(machine);
        options ??= GeneratorOptions.Default;
        var dice = new Dice(seed);
        int length = options.Length ?? Length(dice);
        var layout = new MainLayout(machine, dice, length + 1);
        var placer = new ScratchPlacer(machine, dice);
        var load = new LoadGenerator(machine, dice, options, layout, placer);
        var vector = new VectorGenerator(machine, dice, options, placer);
        var program = new List<Instruction>();
        for (int i = 0; i < length; i++)
        {
            for (int attempt = 0; attempt < MostAttempts; attempt++)
            {
                if (Next(dice, options, load, vector) is { } instruction && options.Without?.Contains(instruction.Opcode) != true)
                {
                    program.Add(instruction);
                    break;
                }
            }
        }

        program.Add(Instruction.Of(End.Definition));
        IReadOnlyList<ProgramLayer> layers = Layers(dice, program.Count);
        ProgramImage Build(IReadOnlyList<Instruction> code)
        {
            (byte[] image, uint entry) = layout.Build(code, machine.Issue.FetchInstructions);
            return new ProgramImage(
                $"random-{seed}", machine.Name, "", "", checked((uint)layout.ImageBase), image, entry, code.Count,
                Inputs(layout.HostWrites), [Scratchpad(machine)], [], layers, [], new Dictionary<string, string>());
        }

        // Half of the programs get their tokens from this folder, half from the compiler's placement.
        ProgramImage result = machine.Issue.QueueDepth > TokenWeaver.LargestSafeDepth || dice.OneIn(2)
            ? Build(ExtraTokens.Add(TokenPlacement.Place(program, machine), code => Verifier.Verify(Build(code), machine).Count == 0, dice, options.ExtraTokens))
            : Build(TokenWeaver.Weave(machine, program, dice, options.ExtraTokens));
        return new GeneratedProgram(seed, machine, result, layout.HostWrites, unchecked((uint)seed * 2654435761));
    }

    private static int Length(Dice dice) => dice.Between(0, 19) switch
    {
        0 => 0,
        1 => 1,
        2 or 3 => dice.Between(60, 120),
        4 or 5 or 6 => dice.Between(2, 5),
        _ => dice.Between(5, 40),
    };

    private static Instruction? Next(Dice dice, GeneratorOptions options, LoadGenerator load, VectorGenerator vector)
    {
        int choice = dice.Between(0, options.ProductPathOnly ? 20 : 32);
        return choice switch
        {
            < 3 => load.Rows(),
            < 6 => load.Weights(),
            < 8 => load.Dynamic(),
            < 10 => load.Parameters(),
            10 => load.Table(),
            < 15 => load.Multiply(),
            < 18 => vector.Scale(),
            < 21 => load.StoreRows(),
            < 24 => vector.Norm(),
            < 27 => vector.Exponentials(),
            < 30 => vector.MapElements(),
            _ => vector.AddTensors(),
        };
    }

    private static IReadOnlyList<TensorPlace> Inputs(IReadOnlyList<HostWrite> writes) =>
    [
        .. writes.Select((write, i) => new TensorPlace(
            $"input{i}", Space.Main, write.Address, 0, 1, write.Bytes.Length, write.Bytes.Length, ElementType.Int8, 1, 0, 0)),
    ];

    private static TensorPlace Scratchpad(Machine machine) => new(
        "scratchpad", Space.Scratchpad, 0, 0, machine.Scratchpad.Banks, machine.Scratchpad.BankBytes,
        machine.Scratchpad.BankBytes, ElementType.Int8, 1, 0, 0);

    private static List<ProgramLayer> Layers(Dice dice, int count)
    {
        var layers = new List<ProgramLayer>();
        int first = 0;
        while (first < count)
        {
            int length = dice.OneIn(3) ? count - first : dice.Between(1, count - first);
            layers.Add(new ProgramLayer($"layer{layers.Count}", "random", first, length, 0, 0));
            first += length;
        }

        return layers;
    }
}
