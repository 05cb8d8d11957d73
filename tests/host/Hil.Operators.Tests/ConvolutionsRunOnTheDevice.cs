using Hil.Models.Onnx;
using static Hil.Operators.Tests.Numbers;

namespace Hil.Operators.Tests;

/// <summary>Convolutional models, compiled and emulated, against ONNX Runtime; every tensor against plain integers; their cycles against Predict.</summary>
public sealed class ConvolutionsRunOnTheDevice
{
    // A few steps of 8 bits: of the tensors between, and of the output.
    private const double Tolerance = 0.02;

    public static IEnumerable<(string Model, double Bound)> Names => Models.Keys.Select(name => (name, Tolerance));

    internal static OperatorRun Make(string name)
    {
        var (model, count) = Models[name]();
        return new OperatorRun(model, Samples(1, count));
    }

    public static TheoryData<string, string> Cases() => Suite.Cases(Models.Keys);

    [Theory]
    [MemberData(nameof(Cases))]
    public void They_give_what_the_float_model_gives_in_the_predicted_time(string name, string machineName)
    {
        var (model, count) = Models[name]();
        Suite.Run(model, count, machineName, Tolerance);
    }

    private static readonly Dictionary<string, Func<(OnnxModel Model, int Count)>> Models = new()
    {
        ["3x3, padded"] = () => Image(3, 10, m => m.Node("Conv", ["x", Weights(m, 1, 8, 3, 3, 3), Weights(m, 2, 8)], ("pads", new long[] { 1, 1, 1, 1 }))),
        ["3x3, stride 2, unlike pads"] = () => Image(3, 11, m => m.Node(
            "Conv", ["x", Weights(m, 1, 5, 3, 3, 2)], ("pads", new long[] { 1, 0, 0, 1 }), ("strides", new long[] { 2, 1 }))),
        ["two convolutions with ReLU between"] = () => Image(3, 9, m =>
        {
            var first = m.Node("Relu", [m.Node("Conv", ["x", Weights(m, 1, 20, 3, 3, 3), Weights(m, 2, 20)], ("pads", new long[] { 1, 1, 1, 1 }))]);
            return m.Node("Conv", [first, Weights(m, 3, 6, 20, 3, 3)], ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 2, 2 }));
        }),
        ["1x1 with batch normalization and residual"] = () => Image(4, 6, m =>
        {
            var first = m.Node("Conv", ["x", Weights(m, 1, 12, 4, 1, 1)]);
            var norm = m.Node("BatchNormalization", [first, Weights(m, 2, 12), Weights(m, 3, 12), Weights(m, 4, 12), m.Constant([.. Enumerable.Range(0, 12).Select(i => 1f + i)], 12)]);
            var second = m.Node("Conv", [m.Node("Relu", [norm]), Weights(m, 6, 12, 12, 1, 1)]);
            return m.Node("Conv", [m.Node("Add", [second, norm]), Weights(m, 7, 3, 12, 1, 1)]);
        }),
        ["depthwise and pointwise"] = () => Image(18, 7, m =>
        {
            var deep = m.Node("Conv", ["x", Weights(m, 1, 18, 1, 3, 3), Weights(m, 2, 18)], ("group", 18), ("pads", new long[] { 1, 1, 1, 1 }));
            return m.Node("Conv", [m.Node("Relu", [deep]), Weights(m, 3, 8, 18, 1, 1)]);
        }),
        ["two groups, dilated"] = () => Image(6, 9, m => m.Node(
            "Conv", ["x", Weights(m, 1, 8, 3, 3, 3)], ("group", 2), ("dilations", new long[] { 2, 2 }), ("pads", new long[] { 2, 2, 2, 2 }))),
        ["patch embedding to a sequence"] = () => Image(3, 16, m =>
        {
            var patches = m.Node("Conv", ["x", Weights(m, 1, 16, 3, 4, 4), Weights(m, 2, 16)], ("strides", new long[] { 4, 4 }));
            var rows = m.Node("Transpose", [m.Node("Reshape", [patches, m.Integers(1, 16, 16)])], ("perm", new long[] { 0, 2, 1 }));
            return m.Node("MatMul", [m.Node("Add", [rows, Weights(m, 3, 1, 16, 16)]), Weights(m, 4, 16, 5)]);
        }),
        ["speech front end of two 1-D convolutions"] = () =>
        {
            var m = new TinyModel("x", 1, 10, 50);
            var first = m.Node("Relu", [m.Node("Conv", ["x", Weights(m, 1, 12, 10, 3), Weights(m, 2, 12)], ("pads", new long[] { 1, 1 }))]);
            var second = m.Node("Conv", [first, Weights(m, 3, 12, 12, 3), Weights(m, 4, 12)], ("pads", new long[] { 1, 1 }), ("strides", new long[] { 2 }));
            return (m.Parse(m.Node("MatMul", [m.Node("Transpose", [m.Node("Relu", [second])], ("perm", new long[] { 0, 2, 1 })), Weights(m, 5, 12, 4)])), 500);
        },
        ["convolution, ReLU, maximum pool to a sequence"] = () => Image(3, 9, m =>
        {
            var first = m.Node("Relu", [m.Node("Conv", ["x", Weights(m, 1, 8, 3, 3, 3)], ("pads", new long[] { 1, 1, 1, 1 }))]);
            var pooled = m.Node("MaxPool", [first], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }));
            var rows = m.Node("Transpose", [m.Node("Reshape", [pooled, m.Integers(1, 8, 25)])], ("perm", new long[] { 0, 2, 1 }));
            return m.Node("MatMul", [m.Node("Add", [rows, Weights(m, 3, 1, 25, 8)]), Weights(m, 4, 8, 5)]);
        }),
        ["maximum pool of signed values, without padding"] = () => Image(5, 8, m => m.Node(
            "MaxPool", [m.Node("Conv", ["x", Weights(m, 1, 6, 5, 1, 1)])], ("kernel_shape", new long[] { 2, 3 }), ("strides", new long[] { 2, 1 }))),
        ["maximum pool of a scaled convolution"] = () => Image(5, 8, m => m.Node(
            "MaxPool", [m.Node("Mul", [m.Node("Conv", ["x", Weights(m, 1, 6, 5, 1, 1)]), m.Number(3)])], ("kernel_shape", new long[] { 2, 2 }))),
        ["average pooling, mean over positions, classifier"] = () => Image(3, 8, m =>
        {
            var first = m.Node("Relu", [m.Node("Conv", ["x", Weights(m, 1, 10, 3, 3, 3)], ("pads", new long[] { 1, 1, 1, 1 }))]);
            var pooled = m.Node("AveragePool", [first], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));
            var mean = m.Node("Flatten", [m.Node("GlobalAveragePool", [pooled])]);
            return m.Node("Gemm", [mean, Weights(m, 3, 10, 4)]);
        }),
        ["mean over the positions of a sequence"] = () =>
        {
            var m = new TinyModel("x", 1, 12, 8);
            var y = m.Node("MatMul", ["x", Weights(m, 1, 8, 16)]);
            return (m.Parse(m.Node("MatMul", [m.Node("ReduceMean", [y], ("axes", new long[] { 1 }), ("keepdims", 0)), Weights(m, 2, 16, 4)])), 96);
        },
    };

    private static (OnnxModel Model, int Count) Image(int channels, int size, Func<TinyModel, string> build)
    {
        var m = new TinyModel("x", 1, channels, size, size);
        return (m.Parse(build(m)), channels * size * size);
    }
}
