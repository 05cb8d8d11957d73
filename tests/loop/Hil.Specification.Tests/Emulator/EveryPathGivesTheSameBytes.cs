using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Emulator;
using Hil.Emulator.Functional;
using Hil.Specification.Comparison;
using Hil.Specification.Programs;
using Xunit.Abstractions;

namespace Hil.Specification.Tests.Emulator;

public sealed class EveryPathGivesTheSameBytes(ITestOutputHelper output)
{
    private static readonly IReadOnlyList<GeneratedProgram> Programs =
    [
        .. Enumerable.Range(0, 60).Select(seed => ProgramGenerator.Make(MachineGenerator.Make(seed), 20_000 + seed)),
        .. MachineFile.BundledNames.Select((name, n) => ProgramGenerator.Make(MachineFile.Bundled(name), 20_100 + n, new GeneratorOptions(Length: 60))),
    ];

    /// <summary>Each by its name, so that the results say which levels ran; the output names those that this processor lacks.</summary>
    public static TheoryData<SimdLevel> VectorLevels => [.. Supported];

    private static IEnumerable<SimdLevel> Supported => Enum.GetValues<SimdLevel>().Where(SimdLevels.IsSupported);

    private static readonly Lazy<MemorySnapshot[]> Expected = new(() => [.. Programs.Select(Divergence.Specify)]);

    [Theory]
    [MemberData(nameof(VectorLevels))]
    public void A_vector_level_with_and_without_fusing(SimdLevel level)
    {
        foreach (SimdLevel missing in Enum.GetValues<SimdLevel>().Where(l => !SimdLevels.IsSupported(l)))
        {
            output.WriteLine($"not run: {missing}, which this processor does not have");
        }

        foreach (bool fuse in new[] { true, false })
        {
            var options = new EmulatorOptions { Simd = level, Fuse = fuse };
            Assert.All(Programs.Zip(Expected.Value), p =>
            {
                EmulatorEngine engine = EmulatorRunner.Engine(p.First, options);
                Assert.All(engine.ProductLevels, ran => Assert.Equal(level, ran));
                Assert.Null(p.Second.FirstDifference(EmulatorRunner.Run(engine, p.First)));
            });
        }
    }

    [Fact]
    public void A_level_that_this_processor_lacks_is_refused_and_never_replaced()
    {
        Assert.Contains(SimdLevel.Scalar, Supported);
        foreach (SimdLevel level in Enum.GetValues<SimdLevel>())
        {
            if (SimdLevels.IsSupported(level))
            {
                Assert.Equal(level, SimdLevels.Choose(level));
            }
            else
            {
                Assert.Equal(ExitKind.Usage, Assert.Throws<HilException>(() => SimdLevels.Choose(level)).Kind);
            }
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
