using Google.Protobuf;
using Hil.Contract;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;
using Microsoft.ML.OnnxRuntime;

namespace Hil.Models.Reference;

/// <summary>ONNX Runtime with its optimizer off, one thread, and its errors as ours.</summary>
internal static class Runtime
{
    /// <summary>A session on a copy of the model that gives exactly <paramref name="outputs"/>.</summary>
    public static InferenceSession Open(ModelProto model, IEnumerable<string> outputs, string where)
    {
        var copy = model.Clone();
        var own = copy.Graph.Output.ToDictionary(o => o.Name);
        copy.Graph.Output.Clear();
        copy.Graph.Output.AddRange(outputs.Select(o => own.GetValueOrDefault(o) ?? new ValueInfoProto { Name = o }));
        BlankWeights.Compute(copy.Graph);
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        try
        {
            return new InferenceSession(copy.ToByteArray(), options);
        }
        catch (OnnxRuntimeException e)
        {
            throw Refused(e, where);
        }
    }

    public static IDisposableReadOnlyCollection<OrtValue> Run(
        InferenceSession session, IReadOnlyCollection<string> inputs, IReadOnlyCollection<OrtValue> values, IReadOnlyCollection<string> outputs, string where)
    {
        using var options = new RunOptions();
        try
        {
            return session.Run(options, inputs, values, outputs);
        }
        catch (OnnxRuntimeException e)
        {
            throw Refused(e, where);
        }
    }

    private static HilException Refused(OnnxRuntimeException e, string where) => new(
        ExitKind.BadInput,
        $"ONNX Runtime refuses the model: {e.Message.ReplaceLineEndings(" ")}",
        where,
        "Check it with onnx.checker.check_model(model, full_check=True) and export it again.",
        e);
}
