using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;

namespace Hil.Devices;

/// <summary>Something that runs programs: the emulator, the RTL under Verilator, or a board. Same program file, same output bytes.</summary>
public interface IDevice : IAsyncDisposable
{
    DeviceIdentity Identity { get; }

    Machine Machine { get; }

    DeviceCapabilities Capabilities { get; }

    /// <summary>Runs a program over samples. What the device itself meets (a trap, a dead link) is in the result.</summary>
    /// <exception cref="Hil.Contract.HilException">The program is for another machine or contract, or a sample has another size.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the device is ready for the next run.</exception>
    Task<DeviceRun> RunAsync(
        ProgramImage program, IReadOnlyList<DeviceSample> samples, DeviceRunOptions options, CancellationToken cancellationToken);
}

/// <summary>What a device is: compared with what a program was made for, before it runs.</summary>
public sealed record DeviceIdentity(
    string Device, Provenance Provenance, string Machine, string MachineHash, string ContractHash);

/// <summary>What can be asked of a device.</summary>
/// <param name="Observables">Tensors at the end of layers.</param>
/// <param name="Counters">Every counter of the contract, or only those that the machine's key <c>counters</c> names.</param>
/// <param name="Trace">The retirement of each instruction.</param>
/// <param name="Energy">A sensor: joules are measured.</param>
public sealed record DeviceCapabilities(bool Observables, CounterSet Counters, bool Trace, bool Energy);

/// <summary>The inputs of one sample: for each input of the program its dense bytes (<see cref="TensorCodec"/>).</summary>
public sealed record DeviceSample(IReadOnlyList<ReadOnlyMemory<byte>> Inputs);

/// <summary>How to run.</summary>
/// <param name="Threads">Samples at the same time where the device can; 0: one for each processor.</param>
/// <param name="Progress">Told the number of samples that are done, now and then.</param>
/// <param name="Observe">Given sample, place and dense bytes of each observable; from several threads at once.</param>
/// <param name="ObserveSamples">Only the first so many samples are observed.</param>
/// <param name="Probe">What else to look at; null: nothing.</param>
public sealed record DeviceRunOptions(
    int Threads = 0,
    IProgress<int>? Progress = null,
    Action<int, TensorPlace, ReadOnlyMemory<byte>>? Observe = null,
    int ObserveSamples = int.MaxValue,
    Probe? Probe = null)
{
    public static readonly DeviceRunOptions Default = new();
}

/// <summary>What a run gave.</summary>
/// <param name="Measurement">Of one sample; cycles do not depend on data. Null if the device failed before it had one.</param>
/// <param name="Outputs">By sample, then by output of the program: dense bytes. Empty after a failure or a trap.</param>
/// <param name="Failure">Why there are no outputs, or null.</param>
public sealed record DeviceRun(
    Measurement? Measurement, IReadOnlyList<IReadOnlyList<byte[]>> Outputs, DeviceFailure? Failure)
{
    /// <summary>What was asked for by <see cref="DeviceRunOptions.Probe"/>; null without it.</summary>
    public Probed? Probed { get; init; }

    public static DeviceRun Failed(string what, string whatToDo, Measurement? measurement = null) =>
        new(measurement, [], new DeviceFailure(what, whatToDo));
}

/// <summary>A condition of the device, expected now and then: a result, not an exception.</summary>
public sealed record DeviceFailure(string What, string WhatToDo);
