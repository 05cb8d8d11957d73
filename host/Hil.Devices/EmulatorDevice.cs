using System.Runtime.ExceptionServices;
using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Devices.Lockstep;
using Hil.Emulator;
using Hil.Emulator.Timing;

namespace Hil.Devices;

/// <summary>The bit-exact and cycle-exact emulator as a device; samples run in parallel.</summary>
public sealed class EmulatorDevice : IDevice
{
    private readonly EmulatorOptions _options;

    public EmulatorDevice(Machine machine, EmulatorOptions? options = null)
    {
        (Machine, _options) = (machine, options ?? EmulatorOptions.Default);
        Identity = new DeviceIdentity(
            DeviceCatalog.Emulator, Provenance.Emulated, machine.Name, MachineFile.Hash(machine), Hil.Contract.Identity.ContractHash);
    }

    public DeviceIdentity Identity { get; }

    public Machine Machine { get; }

    public DeviceCapabilities Capabilities { get; } = new(true, CounterSet.Full, true, false);

    public async Task<DeviceRun> RunAsync(
        ProgramImage program, IReadOnlyList<DeviceSample> samples, DeviceRunOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(options);
        ProgramIdentity.Require(program, Machine, program.Name);
        if (options.Probe is { } asked && (asked.Lockstep || asked.Waves is not null || asked.Toggles))
        {
            throw new HilException(
                ExitKind.Usage, "The emulator has no nets: no waveform, no toggles, and nothing to be in lockstep with.", DeviceCatalog.Emulator,
                $"Run it on the device {DeviceCatalog.Rtl}.");
        }

        EmulatorEngine engine = await Task.Run(() => new EmulatorEngine(Machine, program, _options), cancellationToken)
            .ConfigureAwait(false);
        Measurement measurement = Measure(program, engine.Timing);
        if (measurement.Trap.Reason != Hil.Contract.Isa.TrapReason.None)
        {
            return DeviceRun.Failed(
                $"Trap {measurement.Trap.Reason} at instruction {measurement.Trap.InstructionIndex}.",
                "Verify the program.", measurement);
        }

        byte[][][] outputs = await RunSamplesAsync(engine, samples, options, cancellationToken).ConfigureAwait(false);
        Probed? probed = options.Probe is { Trace: true } && samples.Count > 0
            ? new Probed(Trace: RtlProbe.Text(new EmulatorTrace(Machine, program, samples[0].Inputs, _options.PoisonSeed).Lines()))
            : null;
        return new DeviceRun(measurement, outputs, null) { Probed = probed };
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task<byte[][][]> RunSamplesAsync(
        EmulatorEngine engine, IReadOnlyList<DeviceSample> samples, DeviceRunOptions options, CancellationToken cancellationToken)
    {
        var outputs = new byte[samples.Count][][];
        int done = 0;
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.Threads > 0 ? options.Threads : Environment.ProcessorCount,
            CancellationToken = cancellationToken,
        };

        try
        {
            await Task.Run(() => Parallel.For(0, samples.Count, parallel, RunOne), cancellationToken).ConfigureAwait(false);
        }
        catch (AggregateException all) when (all.InnerExceptions.OfType<HilException>().FirstOrDefault() is { } first)
        {
            ExceptionDispatchInfo.Throw(first);
        }

        return outputs;

        void RunOne(int n)
        {
            RunRequest request = options.Observe is null || n >= options.ObserveSamples
                ? RunRequest.OutputsOnly
                : new RunRequest(Observe: (place, bytes) => options.Observe(n, place, bytes));
            outputs[n] = [.. engine.Run(samples[n].Inputs, request).Outputs];
            options.Progress?.Report(Interlocked.Increment(ref done));
        }
    }

    private Measurement Measure(ProgramImage program, TimingResult timing) => new(
        Measurement.CurrentSchema, program.Name, ProgramFile.Hash(program), Machine.Name, Identity.MachineHash,
        Identity.ContractHash, Identity.Device, Identity.Provenance, timing.Trap, timing.Counters, timing.Layers,
        timing.Trace, null);
}
