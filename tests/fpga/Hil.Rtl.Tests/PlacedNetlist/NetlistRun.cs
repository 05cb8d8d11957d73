using System.Globalization;
using Hil.Contract.Programs;
using Hil.Contract.Registers;

namespace Hil.Rtl.Tests.PlacedNetlist;

/// <summary>What the bench of a placed netlist reports of one run.</summary>
/// <param name="Ended">Whether the segment ended in the cycles that it had.</param>
/// <param name="Trap">Reason and index; 0 without one.</param>
/// <param name="FlashStatus">The flash's status register 2, as the controller's own way to it gave it before the start.</param>
/// <param name="Identity">The identity registers, <see cref="RegisterMap.IdentityBytes"/> bytes.</param>
/// <param name="Counters">All counters in the order of their registers.</param>
/// <param name="Retired">Unit, start and retirement of each instruction, in the order of retirement within a unit.</param>
/// <param name="Scratchpad">All of it, at the end.</param>
internal sealed record NetlistRun(
    bool Ended, byte[] Identity, int FlashStatus, (int Reason, int Index) Trap, IReadOnlyList<long> Counters, IReadOnlyList<(int Unit, long Start, long Retire)> Retired,
    byte[] Scratchpad)
{
    /// <summary>In place of a planted fault: the flash gives its data a clock late.</summary>
    public const int LateFlash = -1;

    /// <summary>Runs a program.</summary>
    /// <param name="bench">The program that <c>tests/fpga/gates/build.sh</c> built.</param>
    /// <param name="fault">The planted fault, from 1; none with 0; <see cref="LateFlash"/>.</param>
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
            // A planted fault may keep the core from coming so far.
            if (exit == 2 && fault != 0) return new NetlistRun(false, [], 0, default, [], [], []);
            Assert.True(exit is 0 or 3, said);
            string[][] lines = [.. said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' '))];
            (int, long, long)[] retired = [.. lines.Where(l => l[0] == "retired").Select(l => ((int)Value(l[1]), Value(l[2]), Value(l[3])))];
            byte[] identity = Convert.FromHexString(Line("identity")[1]);
            int status = (int)Value(Line("status")[1]);
            if (exit == 3) return new NetlistRun(false, identity, status, default, [], retired, []);
            string[] trap = Line("trap");
            long[] counters = [.. lines.Where(l => l[0] == "counter").Select(l => Value(l[2]))];
            return new NetlistRun(true, identity, status, ((int)Value(trap[1]), (int)Value(trap[2])), counters, retired, File.ReadAllBytes(after));

            string[] Line(string first) => lines.Single(l => l[0] == first);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static long Value(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
