using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;
using Hil.Models.Reference;

namespace Hil.Models.Tests.Import.Expansion;

/// <summary>A model of one fused node, run by ONNX Runtime as it is and as it is expanded.</summary>
internal sealed class FusedModel
{
    private const string Microsoft = "com.microsoft";

    private readonly TinyModel _m;
    private readonly Dictionary<string, (int Type, long[] Shape, float[] Values)> _inputs = [];
    private int _seed = 1;

    public FusedModel(params long[] shape)
    {
        _m = new TinyModel("x", shape);
        _inputs.Add("x", (TensorData.Float, shape, Random(shape)));
    }

    public NodeProto Node => _m.Proto.Graph.Node[^1];

    public TinyModel Tiny => _m;

    /// <summary>A further float input of random numbers.</summary>
    public string Input(string name, params long[] shape) => Input(name, TensorData.Float, shape, Random(shape));

    public string Input(string name, int type, long[] shape, float[] values)
    {
        _inputs.Add(name, (type, shape, values));
        return _m.Input(name, type, shape);
    }

    public string Constant(params long[] shape) => _m.Constant(Random(shape), shape);

    /// <summary>The fused node, of ONNX Runtime's operators or, for an opset, of ONNX's own; its outputs beyond the first by name, empty where there is none.</summary>
    public FusedModel Fused(string op, string[] inputs, string[] more, long opset, params (string Name, object Value)[] attributes)
    {
        _m.Node(op, inputs, attributes);
        if (opset == 0)
        {
            Node.Domain = Microsoft;
            _m.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = Microsoft, Version = 1 });
        }
        else
        {
            _m.Proto.OpsetImport[0].Version = opset;
        }

        Node.Output.AddRange(more);
        return this;
    }

    public FusedModel Fused(string op, string[] inputs, params (string Name, object Value)[] attributes) => Fused(op, inputs, [], 0, attributes);

    public OnnxModel Parse() => _m.Parse(Node.Output[0]);

    /// <summary>The largest difference of any output between the two, as a share of its largest value.</summary>
    public double Difference()
    {
        string[] outputs = [.. Node.Output.Where(o => o.Length > 0)];
        var model = Parse();
        Assert.NotSame(model.Original, model.Proto);
        Assert.DoesNotContain(model.Proto.Graph.Node, n => (n.Domain, n.OpType) == (Node.Domain, Node.OpType) && n.Output.Count == Node.Output.Count && n.Name == Node.Name);
        float[][] fused = Run(model.Original, outputs), plain = Run(model.Proto, outputs);
        return fused.Zip(plain).Max(p =>
        {
            Assert.Equal(p.First.Length, p.Second.Length);
            return p.First.Zip(p.Second, (a, b) => Math.Abs(a - b)).Max() / Math.Max(1e-6, p.First.Max(Math.Abs));
        });
    }

    /// <summary>The model is not imported, and the fused node is named with what to do.</summary>
    public void AssertRefused()
    {
        var op = Node.Domain.Length == 0 ? Node.OpType : $"{Node.Domain}.{Node.OpType}";
        Assert.Null(OnnxImporter.TryImport(Parse(), out var unsupported));
        Assert.Contains(unsupported, u => u.Operator == op && u.WhatToDo.Length > 0);
    }

    /// <summary>A tensor's values, as ONNX Runtime runs the file.</summary>
    public float[] Values(string tensor) => _inputs.TryGetValue(tensor, out var input) ? input.Values : Run(_m.Proto, [tensor])[0];

    private float[][] Run(ModelProto model, string[] outputs)
    {
        using var session = Runtime.Open(model, outputs, "fused");
        OrtValues values = new([.. _inputs.Values.Select(i => OrtTensors.Create(i.Type, i.Values, i.Shape))]);
        using (values)
        {
            using var results = Runtime.Run(session, [.. _inputs.Keys], values.All, outputs, "fused");
            return [.. results.Select((r, i) => OrtTensors.Floats(r, outputs[i]))];
        }
    }

    private float[] Random(long[] shape)
    {
        var random = new Random(_seed++);
        return [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => (float)((2 * random.NextDouble()) - 1))];
    }

    private sealed record OrtValues(Microsoft.ML.OnnxRuntime.OrtValue[] All) : IDisposable
    {
        public void Dispose() => Array.ForEach(All, v => v.Dispose());
    }
}
