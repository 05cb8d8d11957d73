using Hil.Models.Onnx;

namespace Hil.Compression.Tests;

/// <summary>The smallest sound ONNX file, for code that only wants a model's hash.</summary>
internal static class TinyOnnx
{
    /// <summary>opset_import { version: 17 }, graph { node { output: "y", op_type: "Constant" } } in protocol-buffer bytes.</summary>
    public static OnnxModel Any() => OnnxModel.Parse(
        [0x3A, 0x0F, 0x0A, 0x0D, 0x12, 0x01, (byte)'y', 0x22, 0x08, .. "Constant"u8, 0x42, 0x02, 0x10, 17], "any", "any.onnx");
}
