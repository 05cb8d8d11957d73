using Hil.Contract.Machines;
using Hil.Emulator;
using Hil.Emulator.Functional;
using Hil.Specification.Comparison;
using Hil.Specification.Programs;

namespace Hil.Specification.Tests.Emulator;

public sealed class EveryPathGivesTheSameBytes
{
    private static readonly IReadOnlyList<GeneratedProgram> Programs =
    [
        .. Enumerable.Range(0, 60).Select(seed => ProgramGenerator.Make(MachineGenerator.Make(seed), 20_000 + seed)),
        .. MachineFile.BundledNames.Select((name, n) => ProgramGenerator.Make(MachineFile.Bundled(name), 20_100 + n, new GeneratorOptions(Length: 60))),
    ];

    [Fact]
    public void All_vector_levels_with_and_without_fusing()
    {
        Assert.Contains(Levels.All, o => o.Simd == SimdLevel.Scalar);
        foreach (GeneratedProgram generated in Programs)
        {
            MemorySnapshot expected = Divergence.Specify(generated);
            Assert.All(Levels.All, options =>
                Assert.Null(expected.FirstDifference(EmulatorRunner.Run(generated, options))));
        }
    }

    [Fact]
    public void Ties_of_normalised_values_round_to_even()
    {
        for (uint epsilon = 0; epsilon < 300; epsilon++)
        {
            GeneratedProgram generated = TiedRows.Make(epsilon * 7919);
            Assert.Null(Divergence.Find(generated, g => EmulatorRunner.Run(g, EmulatorOptions.Default))?.What);
        }
    }

    /// <summary>One engine, sixteen samples with host bytes of their own, on as many threads as there are.</summary>
    [Fact]
    public void One_and_many_threads()
    {
        foreach (GeneratedProgram generated in Programs)
        {
            GeneratedProgram[] samples = [.. Enumerable.Range(0, 16).Select(n => Sample(generated, n))];
            EmulatorEngine engine = EmulatorRunner.Engine(generated, EmulatorOptions.Default);
            var many = new MemorySnapshot[samples.Length];
            Parallel.For(0, samples.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, n => many[n] = EmulatorRunner.Run(engine, samples[n]));
            for (int n = 0; n < samples.Length; n++)
            {
                Assert.Null(many[n].FirstDifference(EmulatorRunner.Run(engine, samples[n])));
            }

            Assert.Null(Divergence.Specify(samples[3]).FirstDifference(many[3]));
        }
    }

    private static GeneratedProgram Sample(GeneratedProgram generated, int n) => generated with
    {
        HostWrites = [.. generated.HostWrites.Select(w => w with { Bytes = new Dice(n).Bytes(w.Bytes.Length) })],
    };
}
