using System.Collections.Concurrent;
using Hil.Contract.Machines;
using Hil.Contract.Records;
using Hil.Emulator;
using Hil.Emulator.Functional;
using Hil.Specification.Comparison;
using Hil.Specification.Coverage;
using Hil.Specification.Forms;
using Hil.Specification.Programs;
using Hil.Specification.Timing;
using EngineTiming = Hil.Emulator.Timing.TimingResult;

namespace Hil.Specification.Tests.Emulator;

/// <summary>All random programs, each run once by specification, interpreter and emulator; made when first asked for.</summary>
public sealed class RandomSuite
{
    private static readonly Lazy<RandomSuite> Made = new(() => new RandomSuite());

    private readonly ConcurrentQueue<string> _memory = [];
    private readonly ConcurrentQueue<string> _time = [];
    private readonly ConcurrentDictionary<(SimdLevel Level, SimdLevel Ran), int> _products = [];
    private readonly CoverageMap _coverage = new();

    private RandomSuite()
    {
        IReadOnlyList<(Machine Machine, int Seed)> jobs = [.. Jobs()];
        Parallel.For(0, jobs.Count, () => new CoverageMap(), (n, _, map) => RunOne(jobs[n].Machine, jobs[n].Seed, map), Merge);
    }

    public static RandomSuite Instance => Made.Value;

    /// <summary>How many times the quick share of the suite.</summary>
    public static int Scale => Environment.GetEnvironmentVariable("HIL_TEST_FULL") == "1" ? 10 : 1;

    public IReadOnlyCollection<string> MemoryDivergences => _memory;

    public IReadOnlyCollection<string> TimeDivergences => _time;

    /// <summary>Products that ran on a kernel, by the level that was asked for and the kernel's.</summary>
    public IReadOnlyDictionary<(SimdLevel Level, SimdLevel Ran), int> Products => _products;

    public CoverageMap Coverage => _coverage;

    /// <summary>Small machines get many programs, large ones few: the specification takes an element at a time.</summary>
    internal static IEnumerable<(Machine Machine, int Seed)> Jobs()
    {
        foreach ((string name, int count) in new[] { ("icebreaker", 1500), ("ulx3s-85f", 900), ("arty-a7-100t", 500), ("lab-32x32", 100) })
        {
            Machine machine = MachineFile.Bundled(name);
            for (int seed = 0; seed < count * Scale; seed++)
            {
                yield return (machine, seed);
            }
        }

        for (int seed = 0; seed < 7000 * Scale; seed++)
        {
            yield return (MachineGenerator.Make(seed / 7), seed);
        }
    }

    private CoverageMap RunOne(Machine machine, int seed, CoverageMap map)
    {
        GeneratedProgram generated = ProgramGenerator.Make(machine, seed);
        TimingResult expected = Interpreter.Run(machine, generated.Program, i => LegalForm.Check(i, machine));
        map.Add(generated, expected.Counters);
        try
        {
            MemorySnapshot specified = Divergence.Specify(generated);
            foreach (EmulatorOptions options in Levels.All)
            {
                EmulatorEngine engine = EmulatorRunner.Engine(generated, options);
                foreach (SimdLevel ran in engine.ProductLevels)
                {
                    _products.AddOrUpdate((options.Simd!.Value, ran), 1, (_, n) => n + 1);
                }

                // The time does not depend on the level: one of them in turn.
                if (options == Levels.All[seed % Levels.All.Count])
                {
                    EngineTiming timing = engine.Timing;
                    Note(_time, TimingDivergence.Find(generated, expected, timing.Trap, timing.Counters, timing.Trace)
                        ?? LayerDivergence(generated, expected, timing.Layers));
                }

                if (specified.FirstDifference(EmulatorRunner.Run(engine, generated)) is not null)
                {
                    Divergence? found = Divergence.Find(generated, g => EmulatorRunner.Run(g, options));
                    Note(_memory, $"{options.Simd}{(options.Fuse ? "" : ", one by one")}: {found?.What ?? "differs, but not when run again"}");
                }
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Note(_memory, $"{generated}: {e}");
        }

        return map;
    }

    internal static string? LayerDivergence(GeneratedProgram generated, TimingResult expected, IReadOnlyList<LayerCycles> layers)
    {
        IReadOnlyList<long> mine = expected.LayerCycles(generated.Program.Layers);
        return mine.SequenceEqual(layers.Select(l => l.Cycles))
            ? null
            : $"{generated}: layers of {string.Join(", ", mine)} cycles expected, got {string.Join(", ", layers.Select(l => l.Cycles))}.";
    }

    private static void Note(ConcurrentQueue<string> list, string? divergence)
    {
        if (divergence is not null)
        {
            list.Enqueue(divergence);
        }
    }

    private void Merge(CoverageMap map)
    {
        lock (_coverage)
        {
            _coverage.Merge(map);
        }
    }
}
