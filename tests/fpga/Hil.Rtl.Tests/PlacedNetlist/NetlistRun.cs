using System.Globalization;
using Hil.Contract.Programs;

namespace Hil.Rtl.Tests.PlacedNetlist;

/// <summary>What the bench of a placed netlist reports of one run; counters that the sketch cannot read are not among them.</summary>
/// <param name="Ended">Whether the segment ended in the cycles that it had.</param>
/// <param name="Trap">Reason and index; 0 without one.</param>
/// <param name="Cycles">By the core's counter.</param>
/// <param name="LoadBusy">By the core's counter.</param>
/// <param name="Executed">Cycles in which a unit executed, by unit.</param>
/// <param name="Retired">Unit, start and retirement of each instruction, in the order of retirement within a unit.</param>
/// <param name="Scratchpad">All of it, at the end.</param>
internal sealed record NetlistRun(
    bool Ended, (int Reason, int Index) Trap, long Cycles, long LoadBusy, IReadOnlyList<long> Executed, IReadOnlyList<(int Unit, long Start, long Retire)> Retired,
    byte[] Scratchpad)
{
    /// <summary>Runs a program.</summary>
    /// <param name="bench">The program that <c>tests/fpga/gates/build.sh</c> built.</param>
    /// <param name="fault">The planted fault, from 1; none with 0.</param>
    public static NetlistRun Of(string bench, ProgramImage program, byte[] scratchpad, long mostCycles, int fault = 0)
    {
        string folder = Directory.CreateTempSubdirectory("hil-gates-").FullName;
        try
        {
            string image = Path.Combine(folder, "image"), before = Path.Combine(folder, "before"), after = Path.Combine(folder, "after");
            File.WriteAllBytes(image, program.Image.Span);
            File.WriteAllBytes(before, scratchpad);
            (int exit, string said) = Tool.Run(
                bench, [image, Text(program.ImageBase), before, after, Text(program.Entry), Text(program.InstructionCount), Text(mostCycles), Text(fault)], folder);
            Assert.True(exit is 0 or 3, said);
            string[][] lines = [.. said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' '))];
            (int, long, long)[] retired = [.. lines.Where(l => l[0] == "retired").Select(l => ((int)Value(l[1]), Value(l[2]), Value(l[3])))];
            if (exit == 3) return new NetlistRun(false, default, mostCycles, 0, [], retired, []);
            string[] trap = Line("trap");
            return new NetlistRun(
                true, ((int)Value(trap[1]), (int)Value(trap[2])), Counter("cycles"), Counter("load.busy"), [.. Line("executed")[1..].Select(Value)], retired,
                File.ReadAllBytes(after));

            string[] Line(string first) => lines.Single(l => l[0] == first);

            long Counter(string name) => Value(lines.Single(l => l[0] == "counter" && l[1] == name)[2]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static long Value(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
