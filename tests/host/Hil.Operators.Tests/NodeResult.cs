using Hil.Contract;
using Hil.Contract.Machines;

namespace Hil.Operators.Tests;

/// <summary>What became of a node test: run on the emulator, or refused.</summary>
/// <param name="Layers">Kinds of the device's layers, in order; empty if it was refused.</param>
/// <param name="Error">Largest difference from the recorded outputs, as a share of the largest recorded value.</param>
/// <param name="Reason">Why it was refused; null if it was not.</param>
internal sealed record NodeResult(NodeTest Test, IReadOnlyList<string> Layers, double Error, string? Reason)
{
    public static NodeResult Of(NodeTest test)
    {
        var machine = MachineFile.Bundled("icebreaker");
        var (layers, worst) = (new List<string>(), 0.0);
        try
        {
            var count = 0;
            foreach (var (model, given, recorded) in test.Cases())
            {
                var run = new OperatorRun(model, _ => [given]);
                worst = Math.Max(worst, run.Error(machine, recorded));
                layers.AddRange(run.Graph.Layers.Select(l => l.GetType().Name));
                count++;
            }

            return count > 0 ? new(test, [.. layers.Distinct()], worst, null) : new(test, [], 0, "It gives no float32 tensor that has an element.");
        }
        catch (HilException e) when (e.Kind is ExitKind.Unsupported or ExitKind.BadInput)
        {
            return new(test, [], 0, FirstReason(e.Message));
        }
    }

    // "name: N things are not supported:\n  node 0 'y' (Op): reason. what to do.\n …", or "name: what. what to do."
    private static string FirstReason(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var line = lines.Length > 1 ? lines[1] : lines[0];
        var start = lines.Length > 1 ? line.IndexOf("): ", StringComparison.Ordinal) + 3 : line.IndexOf(": ", StringComparison.Ordinal) + 2;
        var text = line[start..];
        var end = text.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? text : text[..(end + 1)];
    }
}
