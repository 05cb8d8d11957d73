using System.Text.Json.Serialization;
using Hil.Contract;
using Hil.Models.Export;

namespace Hil.Jobs.Specs;

/// <summary>What a job does with its inputs. Nothing here may depend on who runs it or how fast.</summary>
/// <param name="Device">Name of the device: <c>emulator</c>, or another that `hil devices` lists.</param>
/// <param name="Samples">Samples to evaluate, from the first; null means all.</param>
/// <param name="PruneBlocks">Share of feed-forward weight tiles to prune, 0 to 1; 0 leaves the model as it is.</param>
/// <param name="MaxCycleErrorPercent">Gate on |measured − predicted| / measured; null: none.</param>
/// <param name="MaxQualityLoss">Gate on the loss of the quality metric against float, in points (0.01 is one percent); null: none.</param>
/// <param name="Gemm">The product of a <see cref="JobKind.Gemm"/> job.</param>
public sealed record JobOptions(
    string Device,
    int? Samples,
    double PruneBlocks,
    double? MaxCycleErrorPercent,
    double? MaxQualityLoss,
    GemmShape? Gemm)
{
    public const string Emulator = "emulator";

    public static readonly JobOptions Default = new(Emulator, null, 0, null, null, null);

    /// <summary>Operator set of an exported model; null: the newest that is written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Opset { get; init; }

    internal void Check(JobKind kind, string where)
    {
        Require(Samples is null or > 0, "samples must be positive.");
        Require(PruneBlocks is >= 0 and < 1, "pruneBlocks must be at least 0 and less than 1.");
        Require(MaxCycleErrorPercent is null or >= 0, "maxCycleErrorPercent must not be negative.");
        Require(MaxQualityLoss is null or >= 0, "maxQualityLoss must not be negative.");
        Require(Opset is null or QdqOptions.Portable or QdqOptions.WithInt16, $"opset must be {QdqOptions.Portable} or {QdqOptions.WithInt16}.");
        Require((kind == JobKind.Gemm) == Gemm is not null, "a product has a shape, and only a product.");
        Require(Device.Length > 0, "a device is needed.");
        if (Gemm is not null)
        {
            Require(Gemm.M is > 0 and <= GemmShape.Largest && Gemm.K is > 0 and <= GemmShape.Largest
                && Gemm.N is > 0 and <= GemmShape.Largest, $"sizes must be 1 to {GemmShape.Largest}.");
            Require(Gemm.Sparsity is >= 0 and < 1, "sparsity must be at least 0 and less than 1.");
        }

        void Require(bool holds, string what)
        {
            if (!holds)
            {
                throw new HilException(ExitKind.BadInput, what, where, "Correct the option.");
            }
        }
    }
}

/// <summary>An M × K by K × N product of seeded random int8 numbers, a share of its weight tiles being zero.</summary>
public sealed record GemmShape(int M, int K, int N, double Sparsity)
{
    /// <summary>Larger products say nothing that smaller ones do not, and take hours.</summary>
    public const int Largest = 65536;
}
