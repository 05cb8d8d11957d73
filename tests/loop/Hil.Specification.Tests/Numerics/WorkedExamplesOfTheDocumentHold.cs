using System.Numerics;
using Hil.Specification.Numerics;

namespace Hil.Specification.Tests.Numerics;

public sealed class WorkedExamplesOfTheDocumentHold
{
    [Fact]
    public void Requantize() =>
        Assert.Equal(62, RequantizeFormula.PerColumn(5000, new Parameter(0, 51590, 0, 0), 22));

    [Fact]
    public void Layer_norm()
    {
        int[] row = [100, -50, 30, 20];
        Assert.Equal(45200, LayerNormFormula.Variance(row, 0));
        Assert.Equal(45200, LayerNormFormula.Mantissa(45200));
        Assert.Equal(39457, LayerNormFormula.ReciprocalRoot(45200));
        Assert.Equal([2890, -2890, 193, -193], LayerNormFormula.Normalise(row, 0));
        Assert.Equal(55200, LayerNormFormula.Variance(row, 0, rms: true));
        Assert.Equal(35705, LayerNormFormula.ReciprocalRoot(55200));
        Assert.Equal([3487, -1743, 1046, 697], LayerNormFormula.Normalise(row, 0, rms: true));
    }

    [Fact]
    public void Softmax()
    {
        int[] scores = [739, 370, 0, -1108];
        int[] row = SoftmaxFormula.Row(scores, _ => true);
        Assert.Equal([127, 47, 17, 1], row);
        Assert.Equal(192, row.Sum());
    }

    [Fact]
    public void Poison() => Assert.Equal(
        [67, 253, 255, 55], Enumerable.Range(0, 4).Select(i => (int)Specification.Numerics.Poison.At(1, 0, i)));

    [Fact]
    public void Poison_is_that_of_BigInteger()
    {
        BigInteger word = BigInteger.One << 32;
        foreach ((uint seed, int memory, long index) in new[] { (7u, 2, 39L), (uint.MaxValue, 4, 1L << 31), (0u, 0, 0L) })
        {
            BigInteger g = (seed + (new BigInteger(2654435761) * (memory + 1)) + (new BigInteger(2246822519) * index)) % word;
            BigInteger h = ((g ^ (g >> 15)) * 739982445) % word;
            Assert.Equal((byte)(int)(h >> 24), Specification.Numerics.Poison.At(seed, memory, index));
        }
    }
}
