using System.Globalization;
using System.Text.RegularExpressions;
using Hil.Devices.Coverage;

namespace Hil.Rtl.Tests.Coverage;

/// <summary>Bits of the RTL's signals, of all instances of a module and all rounds of a generate loop together. One is covered that went up and down.</summary>
internal static partial class SignalBits
{
    private const int BothWays = 2;

    /// <summary>Module, signal and bit with its brackets, which are missing where the signal is one bit.</summary>
    public static IReadOnlyList<Covered> Of(IEnumerable<CoveragePoint> points) =>
    [
        .. points.Where(p => p.Kind == CoverageKind.Toggle && RtlSources.All.ContainsKey(p.File)).Select(p =>
        {
            string name = Round().Replace(p.Name, ".");
            int bit = name.IndexOf('[', name.LastIndexOf('.') + 1);
            return new Covered(p.Module, $"{p.Module}\t{(bit < 0 ? name : name[..bit])}\t{(bit < 0 ? "" : name[bit..])}", p.Count >= BothWays);
        }),
    ];

    /// <summary>Explanations of single bits, from those of ranges of bits: "[31:16] [3]".</summary>
    public static IReadOnlyDictionary<string, string> Expand(IReadOnlyDictionary<string, string> reasons)
    {
        var single = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, string reason) in reasons)
        {
            int bits = key.LastIndexOf('\t') + 1;
            foreach (string range in key[bits..].Split(' '))
            {
                Match match = Range().Match(range);
                int low = match.Success ? Number(match.Groups["low"].Value) : 0;
                int high = match.Success ? Number(match.Groups["high"].Value) : 0;
                for (int bit = high; bit >= low; bit--)
                {
                    string one = match.Success ? $"{key[..bits]}{match.Groups["before"].Value}[{bit}]" : key[..bits] + range;
                    if (!single.TryAdd(one, reason)) throw new InvalidDataException($"Stands twice: {one}");
                }
            }
        }

        return single;
    }

    /// <summary>Keys with ranges of bits, from those of single bits.</summary>
    public static IEnumerable<string> Compress(IEnumerable<string> keys) =>
        keys.GroupBy(k => k[..(k.LastIndexOf('\t') + 1)])
            .Select(g => g.Key + string.Join(' ', g.Select(k => k[g.Key.Length..]).GroupBy(b => b[..Math.Max(b.LastIndexOf('['), 0)]).SelectMany(Ranges)));

    private static IEnumerable<string> Ranges(IGrouping<string, string> bits)
    {
        if (bits.First().Length == 0) return [""];
        int[] numbers = [.. bits.Select(b => Number(b[(bits.Key.Length + 1)..^1])).OrderDescending()];
        var ranges = new List<string>();
        for (int first = 0, next; first < numbers.Length; first = next)
        {
            next = first + 1;
            while (next < numbers.Length && numbers[next] == numbers[next - 1] - 1) next++;
            ranges.Add(next - first == 1 ? $"{bits.Key}[{numbers[first]}]" : $"{bits.Key}[{numbers[first]}:{numbers[next - 1]}]");
        }

        return ranges;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    // Of a generate loop.
    [GeneratedRegex(@"\[\d+\]\.")]
    private static partial Regex Round();

    [GeneratedRegex(@"^(?<before>(\[\d+\])*)\[(?<high>\d+):(?<low>\d+)\]$")]
    private static partial Regex Range();
}
