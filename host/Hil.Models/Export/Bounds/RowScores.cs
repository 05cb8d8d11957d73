using Hil.Contract.Numerics;

namespace Hil.Models.Export.Bounds;

/// <summary>The scores of one row before a softmax, in 1/256 octave: as the device has them, and as they are without saturation.</summary>
internal class RowScores(int keys)
{
    private const double Unit = 1.0 / (1 << 24);

    /// <summary>From here on an exponential is 0 (docs/numerics.md §7).</summary>
    private const int Vanishing = 16 * 256;

    private readonly int[] _device = new int[keys];
    private readonly double[] _exact = new double[keys];
    private (int Device, double Exact) _largest;

    /// <summary>The keys that count.</summary>
    public bool[] Counts { get; } = new bool[keys];

    /// <summary>How far a score in float32 can be from the integer one, which is its rounding.</summary>
    public double Half { get; private set; }

    /// <summary>A row without keys.</summary>
    public void Clear(double half)
    {
        Array.Clear(Counts);
        (Half, _largest) = (half, (int.MinValue, double.NegativeInfinity));
    }

    /// <summary>A key that counts: its real score, and what is added to the rounded one.</summary>
    public void Set(int key, double score, int bias)
    {
        Counts[key] = true;
        var rounded = Math.Round(score, MidpointRounding.ToEven);
        _device[key] = (int)Math.Clamp(Math.Clamp(rounded, -short.MaxValue, short.MaxValue) + bias, -short.MaxValue, short.MaxValue);
        _exact[key] = rounded + bias;
        Half = Math.Max(Half, 0.5 + (6 * Unit * (Math.Abs(score) + Math.Abs(bias))));
        _largest = (Math.Max(_largest.Device, _device[key]), Math.Max(_largest.Exact, _exact[key]));
    }

    /// <summary>How far a score lies below the largest one.</summary>
    public int Below(int key) => Math.Min(_largest.Device - _device[key], Vanishing);

    /// <summary>e of docs/numerics.md §7.</summary>
    public double Exponential(int key)
    {
        var t = Below(key);
        return t < Vanishing ? Math.Round(Math.ScaleB(ConstantTables.Exponentials[t & 255], -((t >> 8) + 8)), MidpointRounding.ToEven) : 0;
    }

    /// <summary>The distance is another one on the device than in float, unless the exponential is 0 in both.</summary>
    public bool IsSaturated(int key)
    {
        var exact = _largest.Exact - _exact[key];
        return exact != _largest.Device - _device[key] && !(Below(key) == Vanishing && exact >= Vanishing);
    }
}
