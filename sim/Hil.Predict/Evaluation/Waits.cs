namespace Hil.Predict.Evaluation;

/// <summary>For each step of a program those it waits for, as linked lists in three arrays.</summary>
internal sealed class Waits
{
    private readonly List<int> last = [];
    private readonly List<int> before = [];
    private readonly List<int> target = [];

    /// <summary>Makes room for so many steps.</summary>
    public void Grow(int steps)
    {
        while (last.Count < steps)
        {
            last.Add(-1);
        }
    }

    /// <summary>Lets a step wait for an earlier one. Only what comes before it in the program can be waited for: anything else never holds.</summary>
    public void Add(int step, int earlier)
    {
        if (earlier < 0 || earlier >= step)
        {
            return;
        }

        before.Add(last[step]);
        target.Add(earlier);
        last[step] = target.Count - 1;
    }

    /// <summary>The latest of the times of those that a step waits for, -1 if there are none; unknown (NaN) if one of them is.</summary>
    public double Latest(int step, double[] times)
    {
        double latest = -1;
        for (int at = last[step]; at >= 0; at = before[at])
        {
            // The maximum with NaN is NaN.
            latest = Math.Max(latest, times[target[at]]);
        }

        return latest;
    }
}
