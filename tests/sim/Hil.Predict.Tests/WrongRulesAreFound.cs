using Hil.Compiler;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Emulator.Timing;
using Hil.Specification.Programs;
using Xunit.Abstractions;

namespace Hil.Predict.Tests;

/// <summary>Each rule that Predict can be told to get wrong is noticed by the comparisons that the right one passes.</summary>
public sealed class WrongRulesAreFound(WrongRulesAreFound.Cases cases, ITestOutputHelper output) : IClassFixture<WrongRulesAreFound.Cases>
{
    public static TheoryData<WrongRule> Rules => [.. Enum.GetValues<WrongRule>().Where(r => r != WrongRule.None)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void AWrongRuleIsBeyondTheToleranceSomewhere(WrongRule rule)
    {
        int right = cases.Beyond(WrongRule.None).Count;
        IReadOnlyList<string> wrong = cases.Beyond(rule);
        output.WriteLine($"{rule}: {wrong.Count} of {cases.All.Count} beyond, {right} when right; first {(wrong.Count > 0 ? wrong[0] : "none")}");

        Assert.True(wrong.Count > right, $"{rule} changes no verdict");
    }

    [Fact]
    public void NothingIsBeyondWhenTheRulesAreRight() => Assert.Empty(cases.Beyond(WrongRule.None));

    /// <summary>Programs with what the emulator's timing pass says about them.</summary>
    public sealed class Cases
    {
        /// <summary>These programs are regular: what is right comes far closer than the tolerance for models.</summary>
        private const double Share = 0.005;
        private const double FreeCycles = 8;

        public Cases()
        {
            // The small board also with a vector unit as fast as the array.
            Machine small = MachineFile.Bundled("icebreaker");
            foreach (Machine machine in (Machine[])[small, PipelinedMachine.Of(small), MachineFile.Bundled("arty-a7-100t")])
            {
                foreach ((int m, int k, int n) in ((int, int, int)[])[(1, 256, 64), (2, 64, 128), (8, 128, 128), (64, 64, 64)])
                {
                    Add(GemmCompiler.Compile(m, k, n, machine).Program, machine);
                }

                foreach (StepCase step in StepCase.All)
                {
                    Add(step.Program(machine), machine);
                }
            }
        }

        private readonly List<(ProgramImage Program, Machine Machine, long Cycles)> _all = [];

        public IReadOnlyList<(ProgramImage Program, Machine Machine, long Cycles)> All => _all;

        public IReadOnlyList<string> Beyond(WrongRule rule) =>
        [
            .. All.Where(c => Math.Abs(Predictor.Predict(c.Program, c.Machine, options: new PredictOptions(rule)).Cycles - c.Cycles)
                              > Math.Max(Share * c.Cycles, FreeCycles))
                .Select(c => $"{c.Program.Name} on {c.Machine.Name}"),
        ];

        private void Add(ProgramImage program, Machine machine) =>
            _all.Add((program, machine, TimingPass.Run(machine, program).Counters.Cycles));
    }

    /// <summary>One kind of instruction many times over, so that a rule about it shows.</summary>
    internal sealed record StepCase(string Name, Func<Machine, int, Instruction> Make)
    {
        private const int Times = 40;

        public static readonly IReadOnlyList<StepCase> All =
        [
            new("layer-norm", (_, _) => Instruction.Of(LayerNorm.Definition,
                (LayerNorm.Rows, 8u), (LayerNorm.Columns, 64u), (LayerNorm.Write16, 1u))),
            new("softmax", (_, _) => Instruction.Of(Softmax.Definition,
                (Softmax.Rows, 8u), (Softmax.Columns, 64u), (Softmax.Length0, 64u))),
            new("add", (_, _) => Instruction.Of(Add.Definition, (Add.Rows, 8u), (Add.Columns, 64u))),
            new("requantize-onto", (_, _) => Instruction.Of(Requantize.Definition,
                (Requantize.Rows, 16u), (Requantize.Columns, 2u), (Requantize.Wide, 1u), (Requantize.Accumulate, 1u), (Requantize.Stride, 8u))),
            new("load-transposed", (_, _) => Instruction.Of(LoadDynamic.Definition,
                (LoadDynamic.KLength, 128u), (LoadDynamic.Columns, 2u), (LoadDynamic.Stride, 32u), (LoadDynamic.ByColumns, 1u))),
            new("short-loads", (_, i) => Instruction.Of(LoadParameters.Definition,
                (LoadParameters.Main, (uint)(64 * i)), (LoadParameters.Count, 2u))),
            new("ping-pong", (_, i) => i % 2 == 0
                ? Instruction.Of(Compute.Definition, (Compute.Rows, 32u), (Compute.Stride, 1u))
                    .WithTokens(i == 0 ? UnitSet.None : UnitSet.Vector, UnitSet.Vector)
                : Instruction.Of(Requantize.Definition, (Requantize.Rows, 32u), (Requantize.Columns, 2u), (Requantize.Stride, 1u))
                    .WithTokens(UnitSet.Compute, i == Times - 1 ? UnitSet.None : UnitSet.Compute)),
            new("unlike-strips", (_, i) => i % 2 == 0
                ? Instruction.Of(LoadWeights.Definition, (LoadWeights.Main, (uint)(4096 * i)), (LoadWeights.Tiles, StripTiles(i / 2)), (LoadWeights.Slot, (uint)i / 2 % 2))
                    .WithTokens(i < 4 ? UnitSet.None : UnitSet.Compute, UnitSet.Compute)
                : Instruction.Of(
                    Compute.Definition, (Compute.Rows, 32u), (Compute.Stride, 1u), (Compute.Tiles, StripTiles(i / 2)), (Compute.Slot, (uint)i / 2 % 2))
                    .WithTokens(UnitSet.Load, i >= Times - 4 ? UnitSet.None : UnitSet.Load)),
            new("long-load", (_, i) => i == 0
                ? Instruction.Of(Load.Definition, (Load.Rows, 16u), (Load.RowWords, 16u), (Load.Stride, 16u))
                : Instruction.Of(Add.Definition, (Add.Rows, 1u), (Add.Columns, 8u))),
            new("full-queue", (_, i) => i % 8 == 0
                ? Instruction.Of(LoadDynamic.Definition, (LoadDynamic.KLength, 64u), (LoadDynamic.Columns, 1u), (LoadDynamic.Stride, 32u))
                : i % 8 == 7
                    ? Instruction.Of(Compute.Definition, (Compute.Rows, 250u), (Compute.Stride, 1u))
                    : Instruction.Of(Softmax.Definition, (Softmax.Rows, 1u), (Softmax.Columns, 32u), (Softmax.Length0, 32u))),
        ];

        /// <summary>Kept tiles of the strips of a pruned product: its loads and computes take turns in being the longer ones.</summary>
        private static uint StripTiles(int strip) => strip % 2 == 0 ? 12u : 1u;

        public ProgramImage Program(Machine machine)
        {
            Instruction[] program = [.. Enumerable.Range(0, Times).Select(i => Make(machine, i)), Instruction.Of(End.Definition)];
            uint entry = (uint)machine.Regions[0].Base + 65536;
            var image = new byte[program.Length * Instruction.Bytes];
            for (int i = 0; i < program.Length; i++)
            {
                program[i].WriteTo(image.AsSpan(i * Instruction.Bytes));
            }

            ProgramLayer[] layers = [new(Name, "test", 0, program.Length, 0, SkippedMacs: 1)];
            return new ProgramImage(
                Name, machine.Name, "", "", entry, image, entry, program.Length, [], [], [], layers,
                NestFolding.Fold(program, layers, machine), new Dictionary<string, string>());
        }
    }
}
