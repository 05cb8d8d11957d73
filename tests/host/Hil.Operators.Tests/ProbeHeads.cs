using Hil.Contract.Machines;
using static Hil.Operators.Tests.Numbers;

namespace Hil.Operators.Tests;

public sealed class ProbeHeads
{
    private const int T = 9;

    [Theory]
    [InlineData("shared", 2, 6)]
    [InlineData("shared", 1, 6)]
    [InlineData("residual after", 2, 6)]
    [InlineData("residual after", 2, 16)]
    [InlineData("first row", 2, 6)]
    public void Probe(string kind, int heads, int size)
    {
        var w = heads * size;
        foreach (var machine in new[] { "icebreaker", "arty-a7-100t" })
        {
            var m = new TinyModel("x", 1, T, w);
            string Heads(string x) => m.Node("Transpose", [m.Node("Reshape", [x, m.Integers(1, T, heads, size)])], ("perm", new long[] { 0, 2, 1, 3 }));
            string P(int seed) => Heads(kind == "shared" ? "x" : m.Node("MatMul", ["x", Weights(m, seed, w, w)]));
            var scores = m.Node("MatMul", [P(1), m.Node("Transpose", [P(2)], ("perm", new long[] { 0, 1, 3, 2 }))]);
            var c = m.Node("MatMul", [m.Node("Softmax", [scores], ("axis", -1)), P(3)]);
            var o = m.Node("Reshape", [m.Node("Transpose", [c], ("perm", new long[] { 0, 2, 1, 3 })), m.Integers(1, T, w)]);
            if (kind == "residual after") o = m.Node("Add", ["x", o]);
            if (kind == "first row") o = m.Node("MatMul", [m.Node("Slice", [o, m.Integers(0), m.Integers(1), m.Integers(1)]), Weights(m, 9, w, 5)]);
            else o = m.Node("MatMul", [o, Weights(m, 9, w, 5)]);
            var run = new OperatorRun(m.Parse(o), [.. Enumerable.Range(1, 3).Select(seed => Samples(seed, T * w))]);
            Assert.InRange(run.Error(MachineFile.Bundled(machine)), 0, 0.05);
        }
    }
}
