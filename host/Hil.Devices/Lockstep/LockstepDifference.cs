using System.Globalization;
using System.Text;
using Hil.Contract.Records;

namespace Hil.Devices.Lockstep;

/// <summary>Where the RTL first leaves the emulator.</summary>
/// <param name="Instruction">Its index; −1 where no one instruction is to blame: then all retire alike.</param>
/// <param name="What">The kind of difference, as a sentence; printed as the program names it.</param>
/// <param name="Emulator">The line of the instruction on the emulator; null where it never retires there.</param>
/// <param name="Rtl">The same on the RTL.</param>
/// <param name="Place">The first value that differs, in the instruction's own output; null where only times do.</param>
/// <param name="Window">The cycles around it.</param>
public sealed record LockstepDifference(
    int Instruction, string What, TraceLine? Emulator, TraceLine? Rtl, WrittenPlace? Place, long Expected, long Actual, CycleWindow Window)
{
    /// <summary>The waveform of <see cref="Window"/>; null where none was asked for.</summary>
    public string? Waves { get; init; }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"The RTL leaves the emulator at {What}");
        if (Place is not null)
            text.Append(CultureInfo.InvariantCulture, $"\n  {Place}: {Value(Expected)} on the emulator, {Value(Actual)} on the RTL");
        if (Emulator is not null || Rtl is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n           {TraceLine.Header}");
            text.Append(CultureInfo.InvariantCulture, $"\n  emulator {Emulator?.ToString() ?? "does not retire it"}");
            text.Append(CultureInfo.InvariantCulture, $"\n  RTL      {Rtl?.ToString() ?? "does not retire it"}");
        }

        text.Append(CultureInfo.InvariantCulture, $"\n  cycles {Window.From} to {Window.To}");
        if (Waves is not null) text.Append(CultureInfo.InvariantCulture, $", waveform {Waves} (10 ticks a cycle)");
        return text.ToString();
    }

    private string Value(long value) => string.Create(
        CultureInfo.InvariantCulture, $"{value} (0x{(value & ((1L << (8 * Place!.ElementBytes)) - 1)).ToString($"x{2 * Place.ElementBytes}", CultureInfo.InvariantCulture)})");
}

/// <summary>What a lockstep run came to.</summary>
/// <param name="Lines">The lines that are alike on both, in the order of their retirement.</param>
/// <param name="Difference">Null if all is equal: every line, the trap and every counter that the machine has.</param>
public sealed record LockstepResult(IReadOnlyList<TraceLine> Lines, LockstepDifference? Difference);
