namespace Hil.Models.Export;

/// <summary>How a quantized model is spelt.</summary>
/// <param name="Opset">
/// 21 has QuantizeLinear for int16; 17 spells the quantizers of 16 bits as Div, Round, Clip, Mul, for runtimes that lack it.
/// </param>
public sealed record QdqOptions(int Opset = QdqOptions.WithInt16)
{
    /// <summary>The first operator set with int16 in QuantizeLinear and DequantizeLinear.</summary>
    public const int WithInt16 = 21;

    /// <summary>The first operator set with LayerNormalization.</summary>
    public const int Portable = 17;
}
