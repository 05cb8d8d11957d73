namespace Hil.Contract.Programs;

/// <summary>The sizes of a loop's steps from those of all its iterations: their mean, and where they differ in tiles a list of bounded length.</summary>
internal static class LoopSizes
{
    private const int StretchLength = Stage.ListedBetween / Stage.Stretches;

    /// <param name="steps">Of all iterations, one after the other.</param>
    /// <param name="first">Index of the loop's first step.</param>
    /// <param name="length">Steps of an iteration.</param>
    /// <param name="count">Iterations.</param>
    public static Step[] Of(Step[] steps, int first, int length, int count)
    {
        var means = new Step[length];
        for (int step = 0; step < length; step++)
        {
            means[step] = Mean(steps, first + step, length, count);
        }

        int[] uneven = [.. Enumerable.Range(0, length).Where(step => Differs(steps, first + step, length, count))];
        if (uneven.Length == 0)
        {
            return means;
        }

        int[] listed = Listed(steps, first + uneven[0], length, count);
        foreach (int step in uneven)
        {
            means[step] = means[step] with { Sizes = [.. listed.Select(i => SizeOf(steps[first + step + (i * length)]))] };
        }

        return means;
    }

    private static Step Mean(Step[] steps, int first, int length, int count)
    {
        (double tiles, long bytes, double bursts, double firstBurst, double pages) = (0, 0, 0, 0, 0);
        for (int iteration = 0; iteration < count; iteration++)
        {
            Step step = steps[first + (iteration * length)];
            (tiles, bytes, bursts, firstBurst, pages) =
                (tiles + step.Tiles, bytes + step.Bytes, bursts + step.Bursts, firstBurst + step.FirstBurstBytes, pages + step.PagesCrossed);
        }

        return steps[first] with
        {
            Tiles = tiles / count,
            Bytes = (bytes + (count / 2)) / count,
            Bursts = bursts / count,
            FirstBurstBytes = firstBurst / count,
            PagesCrossed = pages / count,
        };
    }

    private static bool Differs(Step[] steps, int first, int length, int count)
    {
        for (int iteration = 1; iteration < count; iteration++)
        {
            if (steps[first + (iteration * length)].Tiles != steps[first].Tiles)
            {
                return true;
            }
        }

        return false;
    }

    private static StepSize SizeOf(Step step) => new((int)step.Tiles, (int)step.Bursts, (int)step.FirstBurstBytes, (int)step.PagesCrossed);

    /// <summary>The iterations that are listed: all, or those at the ends and between them, of each part, the stretch that is most like it.</summary>
    private static int[] Listed(Step[] steps, int first, int length, int count)
    {
        if (count <= Stage.MostListed)
        {
            return [.. Enumerable.Range(0, count)];
        }

        double Tiles(int iteration) => steps[first + (iteration * length)].Tiles;

        // A pipeline takes the longer of neighbours, max(a, b) = (a + b + |a - b|) / 2: sum and jumps have to be those of the part.
        var sums = new double[count + 1];
        var jumps = new double[count + 1];
        for (int i = 0; i < count; i++)
        {
            sums[i + 1] = sums[i] + Tiles(i);
            jumps[i + 1] = jumps[i] + (i == 0 ? 0 : Math.Abs(Tiles(i) - Tiles(i - 1)));
        }

        (int from, int to) = (Stage.ListedAtEnds, count - Stage.ListedAtEnds);
        var listed = new List<int>(Enumerable.Range(0, from));
        for (int stretch = 0; stretch < Stage.Stretches; stretch++)
        {
            int begin = from + (int)((long)(to - from) * stretch / Stage.Stretches);
            int end = from + (int)((long)(to - from) * (stretch + 1) / Stage.Stretches);
            double share = (double)StretchLength / (end - begin);
            (double sum, double jump) = (share * (sums[end] - sums[begin]), share * (jumps[end] - jumps[begin]));
            int best = Enumerable.Range(begin, end - begin - StretchLength + 1).MinBy(i =>
                Math.Abs(sums[i + StretchLength] - sums[i] - sum) + Math.Abs(jumps[i + StretchLength] - jumps[i] - jump));
            listed.AddRange(Enumerable.Range(best, StretchLength));
        }

        listed.AddRange(Enumerable.Range(to, Stage.ListedAtEnds));
        return [.. listed];
    }
}
