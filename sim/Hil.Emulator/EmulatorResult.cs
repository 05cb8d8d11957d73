using Hil.Contract.Programs;
using Hil.Emulator.Functional;

namespace Hil.Emulator;

/// <summary>What one run of one sample gave. Cycles and counters do not depend on data: they are in <see cref="EmulatorEngine.Timing"/>.</summary>
/// <param name="Outputs">Dense bytes of each output of the program, in its order (<see cref="PlacedTensor"/>).</param>
/// <param name="FinalState">All memories at the end, if asked for.</param>
public sealed record EmulatorResult(IReadOnlyList<byte[]> Outputs, DeviceState? FinalState);

/// <summary>What a run is asked for besides its outputs.</summary>
/// <param name="KeepState">Give the memories as they are at the end.</param>
/// <param name="Observe">Called with each observable of a layer, and its dense bytes, when the layer has ended.</param>
/// <param name="AfterInstruction">Called with all memories and the index of each instruction that was executed; not where instructions are fused.</param>
public sealed record RunRequest(
    bool KeepState = false, Action<TensorPlace, ReadOnlyMemory<byte>>? Observe = null, Action<DeviceState, int>? AfterInstruction = null)
{
    public static readonly RunRequest OutputsOnly = new();
}
