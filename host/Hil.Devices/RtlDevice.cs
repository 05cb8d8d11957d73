using System.Collections.Concurrent;
using Hil.Contract;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;

namespace Hil.Devices;

/// <summary>The RTL under Verilator as a device.</summary>
public sealed class RtlDevice : IDevice
{
    /// <summary>Cycles between two looks at the cancellation token.</summary>
    private const long CyclesAtOnce = 1_000_000;

    private readonly ConcurrentBag<RtlSimulation> _idle = [];

    /// <exception cref="HilException">The core cannot be built for this machine here.</exception>
    public RtlDevice(Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        Machine = machine;
        _idle.Add(new RtlSimulation(machine));
        Identity = new DeviceIdentity(
            DeviceCatalog.Rtl, Provenance.Rtl, machine.Name, MachineFile.Hash(machine), Hil.Contract.Identity.ContractHash);
        Capabilities = new DeviceCapabilities(false, machine.Counters, true, false);
    }

    /// <summary>For the catalogue of devices.</summary>
    public static DeviceEntry Entry { get; } = new(
        DeviceCatalog.Rtl, "the RTL under Verilator", RtlBuild.Missing, machine => new RtlDevice(machine));

    public DeviceIdentity Identity { get; }

    public Machine Machine { get; }

    public DeviceCapabilities Capabilities { get; }

    public async Task<DeviceRun> RunAsync(
        ProgramImage program, IReadOnlyList<DeviceSample> samples, DeviceRunOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(options);
        ProgramIdentity.Require(program, Machine, program.Name);
        Probed? probed = options.Probe is { } probe && samples.Count > 0
            ? await Task.Run(() => new RtlProbe(Machine, program, samples[0]).Look(probe, cancellationToken), cancellationToken).ConfigureAwait(false)
            : null;
        if (probed?.Difference is { } difference)
            return DeviceRun.Failed($"{difference}", "The contract (docs/) decides which of the two is wrong.") with { Probed = probed };

        var outputs = new byte[samples.Count][][];
        var measurements = new Measurement[samples.Count];
        int done = 0;
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.Threads > 0 ? options.Threads : Environment.ProcessorCount,
            CancellationToken = cancellationToken,
        };
        await Task.Run(() => Parallel.For(0, samples.Count, parallel, RunOne), cancellationToken).ConfigureAwait(false);
        if (measurements.FirstOrDefault(m => m.Trap.Reason != TrapReason.None) is { } trapped)
        {
            return DeviceRun.Failed(
                $"Trap {trapped.Trap.Reason} at instruction {trapped.Trap.InstructionIndex}.",
                "Verify the program.", trapped) with { Probed = probed };
        }

        return new DeviceRun(measurements.FirstOrDefault(), outputs, null) { Probed = probed };

        void RunOne(int n)
        {
            if (!_idle.TryTake(out RtlSimulation? simulation)) simulation = new RtlSimulation(Machine);
            (outputs[n], measurements[n]) = RunSample(simulation, program, samples[n], cancellationToken);
            _idle.Add(simulation);
            options.Progress?.Report(Interlocked.Increment(ref done));
        }
    }

    public ValueTask DisposeAsync()
    {
        while (_idle.TryTake(out RtlSimulation? simulation)) simulation.Dispose();
        return ValueTask.CompletedTask;
    }

    private (byte[][] Outputs, Measurement Measurement) RunSample(
        RtlSimulation simulation, ProgramImage program, DeviceSample sample, CancellationToken cancellationToken)
    {
        simulation.ClearMain();
        simulation.WriteMain(program.ImageBase, program.Image.Span);
        for (int i = 0; i < program.Inputs.Count; i++) RtlTensors.Write(simulation, program.Inputs[i], sample.Inputs[i].Span);
        simulation.Start(program.Entry, program.InstructionCount);
        while (!simulation.Run(CyclesAtOnce)) cancellationToken.ThrowIfCancellationRequested();

        IReadOnlyList<(Retirement Retirement, long Busy)> trace = simulation.Trace();
        Counters counters = simulation.Counters();
        var measurement = new Measurement(
            Measurement.CurrentSchema, program.Name, ProgramFile.Hash(program), Machine.Name, Identity.MachineHash,
            Identity.ContractHash, Identity.Device, Identity.Provenance, simulation.Trap(), counters,
            Layers(program, trace, counters.Cycles), [.. trace.Select(t => t.Retirement)], null);
        return ([.. program.Outputs.Select(place => RtlTensors.Read(simulation, place))], measurement);
    }

    /// <summary>Layers by docs/timing.md section 9.</summary>
    private static LayerCycles[] Layers(
        ProgramImage program, IReadOnlyList<(Retirement Retirement, long Busy)> trace, long cycles)
    {
        var layers = new LayerCycles[program.Layers.Count];
        long before = -1;
        for (int l = 0; l < layers.Length; l++)
        {
            ProgramLayer layer = program.Layers[l];
            long end = l == layers.Length - 1 ? cycles - 1 : before;
            var busy = new long[Units.Count];
            foreach ((Retirement retirement, long busyCycles) in trace)
            {
                if (retirement.Index < layer.FirstInstruction || retirement.Index >= layer.FirstInstruction + layer.InstructionCount) continue;
                busy[(int)retirement.Unit] += busyCycles;
                end = Math.Max(end, retirement.Retire);
            }

            layers[l] = new LayerCycles(layer.Name, layer.Kind, end - before, busy, layer.Macs);
            before = end;
        }

        return layers;
    }
}
