namespace Hil.Stryker.Judge;

/// <summary>
/// Judges faults of one assembly that Stryker changed. Arguments: subject, assembly, "all" or "alone", file of results, then the faults' numbers.
/// Writes a line a fault: its number and, behind a tab, "survived", "initialiser" (judge it alone, it survived) or what found it. "begun" stands before it: where
/// nothing follows, the fault ended the process. "alone" judges one fault that is active from the first.
/// What the tests take and reach is learned once and kept beside the results.
/// Ends with 0, with 3 where a test does not end or fails still without its fault (to be started again with the rest), with 2 where a test fails without a fault.
/// </summary>
internal static class Program
{
    private const int Done = 0;
    private const int FailsWithoutFault = 2;
    private const int StartAgain = 3;

    public static int Main(string[] arguments)
    {
        (string subject, string assembly, bool alone, string results) = (arguments[0], arguments[1], arguments[2] == "alone", arguments[3]);
        int[] numbers = [.. arguments.Skip(4).SelectMany(a => a.StartsWith('@') ? File.ReadAllLines(a[1..]) : [a]).Select(int.Parse)];
        using var file = new StreamWriter(results, append: true) { AutoFlush = true };
        var faults = new Faults(assembly);
        if (alone)
        {
            file.WriteLine($"{numbers[0]}\tbegun");
            faults.Plant(numbers[0]);
            return Write(numbers[0], new Hunt(Judges.Of(subject)).FirstWrong(null, out bool ended) ?? "survived", ended);
        }

        IReadOnlySet<int> ofInitialisers = faults.OfInitialisers();
        Hunt hunt = new(Judges.Of(subject));
        string learned = $"{results}.learned";
        if (!hunt.Load(learned))
        {
            if (hunt.Learn(faults) is { } wrong)
            {
                Console.Error.WriteLine($"without a fault: {wrong}");
                return FailsWithoutFault;
            }

            hunt.Save(learned);
        }

        bool isFirst = true;
        foreach (int number in numbers)
        {
            file.WriteLine($"{number}\tbegun");
            faults.Plant(number);
            string? found = hunt.FirstWrong(number, out bool ended);
            faults.Clear();
            bool passes = found is null || hunt.PassesNow();

            // What an earlier fault left behind may have failed the test: this one is judged again, first in a process of its own.
            if (!passes && ended && !isFirst) return StartAgain;
            int code = Write(number, found ?? (ofInitialisers.Contains(number) ? "initialiser" : "survived"), passes);
            if (code != Done) return code;
            isFirst = false;
        }

        return Done;

        int Write(int number, string verdict, bool ended)
        {
            file.WriteLine($"{number}\t{verdict}");
            return ended ? Done : StartAgain;
        }
    }
}
