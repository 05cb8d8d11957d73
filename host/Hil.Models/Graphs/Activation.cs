namespace Hil.Models.Graphs;

/// <summary>A function of one number, applied to each element.</summary>
public enum Activation
{
    /// <summary>The identity.</summary>
    None,

    /// <summary>x · ½(1 + erf(x/√2)).</summary>
    Gelu,

    /// <summary>½x · (1 + tanh(√(2/π)(x + 0.044715x³))).</summary>
    GeluTanh,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>tanh(x).</summary>
    Tanh,

    /// <summary>1/(1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>x/(1 + e⁻ˣ).</summary>
    Silu,

    /// <summary>x/(1 + e⁻¹·⁷⁰²ˣ).</summary>
    QuickGelu,

    /// <summary>A function that the layer has with it.</summary>
    Other,
}
