using System.Text;
using Hil.Contract.Isa;
using Hil.Contract.Records;
using Hil.Specification.Programs;

namespace Hil.Specification.Coverage;

/// <summary>How often each bin was hit. Not safe for several threads: merge one map a thread.</summary>
public sealed class CoverageMap
{
    private readonly SortedDictionary<string, long> _hits = new(StringComparer.Ordinal);

    public long Programs { get; private set; }

    public void Add(GeneratedProgram generated, Counters counters)
    {
        ArgumentNullException.ThrowIfNull(generated);
        ArgumentNullException.ThrowIfNull(counters);
        Programs++;
        var shapes = new Shapes(generated.Machine);
        foreach (Instruction i in generated.Instructions)
        {
            string flags = Shapes.FlagsOf(i);
            foreach (string shape in shapes.Of(i).Distinct())
            {
                Hit(CoverageBins.Name(i.Opcode, flags, shape), 1);
            }
        }

        foreach ((string name, long value) in counters.Named().Where(c => CoverageBins.IsWaitCounter(c.Name)))
        {
            Hit(name, value > 0 ? 1 : 0);
        }
    }

    public void Merge(CoverageMap other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Programs += other.Programs;
        foreach ((string bin, long hits) in other._hits)
        {
            Hit(bin, hits);
        }
    }

    /// <summary>Bins without a hit that are not listed as unreachable, and unreachable ones that were hit.</summary>
    public IReadOnlyList<string> Faults()
    {
        IEnumerable<string> bins = CoverageBins.All.Concat(_hits.Keys).Distinct();
        return
        [
            .. bins.Where(b => Hits(b) == 0 && !CoverageBins.Unreachable.ContainsKey(b)).Select(b => $"empty: {b}"),
            .. _hits.Where(h => h.Value > 0 && CoverageBins.Unreachable.ContainsKey(h.Key)).Select(h => $"not unreachable: {h.Key}"),
            .. _hits.Keys.Except(CoverageBins.All).Where(b => !CoverageBins.IsWaitCounter(b)).Select(b => $"unlisted: {b}"),
        ];
    }

    /// <summary>A line for each opcode and flags, then the waits.</summary>
    public string Print()
    {
        var text = new StringBuilder();
        text.AppendLine(null, $"coverage of {Programs} programs (bin: hits)");
        foreach (InstructionDefinition definition in InstructionSet.All)
        {
            foreach (string flags in CoverageBins.Flags(definition.Code))
            {
                IEnumerable<string> cells = CoverageBins.Shapes(definition.Code)
                    .Select(shape => (shape, name: CoverageBins.Name(definition.Code, flags, shape)))
                    .Select(b => CoverageBins.Unreachable.TryGetValue(b.name, out string? why)
                        ? $"{b.shape}: unreachable ({why})"
                        : $"{b.shape}: {Hits(b.name)}");
                text.AppendLine(null, $"{definition.Name} [{flags}] {string.Join("; ", cells)}");
            }
        }

        foreach ((string bin, long hits) in _hits.Where(h => CoverageBins.IsWaitCounter(h.Key)))
        {
            text.AppendLine(
                null,
                $"{bin} in {(CoverageBins.Unreachable.TryGetValue(bin, out string? why) ? $"none: unreachable ({why})" : $"{hits} programs")}");
        }

        return text.ToString();
    }

    private long Hits(string bin) => _hits.GetValueOrDefault(bin);

    private void Hit(string bin, long hits) => _hits[bin] = Hits(bin) + hits;
}
