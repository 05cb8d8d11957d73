using Hil.Models.Graphs;

namespace Hil.Models.Quantized;

/// <summary>What a table of 256 entries stands for: at index i, <paramref name="Activation"/> of Scale · (i − Offset), in the output's scale.</summary>
/// <param name="Activation">The function.</param>
/// <param name="Scale">The value of one index step.</param>
/// <param name="Offset">The index that means 0, −128 … 127.</param>
public sealed record TableMeaning(Activation Activation, double Scale, int Offset);
