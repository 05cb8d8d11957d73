using System.Text;
using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Devices;
using Hil.Predict;
using Hil.Reconcile.Files;

namespace Hil.Jobs.Steps;

/// <summary>A program with the machine it is for, as it goes from prediction to measurement.</summary>
/// <param name="Prefix">Of the names of its artefacts.</param>
public sealed record BoundProgram(ProgramImage Program, Machine Machine, string Hash, string Prefix);

/// <summary>What the job's device did.</summary>
public sealed record Execution(Measurement Measurement, IReadOnlyList<IReadOnlyList<byte[]>> Outputs, Probed? Probed);

/// <summary>The steps that every program goes through, wherever it came from.</summary>
public sealed class ProgramSteps(DeviceCatalog devices)
{
    /// <summary>The machine of the job.</summary>
    public static Machine Machine(JobWork work) =>
        MachineFile.Parse(work.Read(Specs.JobSpec.Machine), work.NameOf(Specs.JobSpec.Machine));

    /// <summary>Saves a program with the job and binds it to its machine.</summary>
    /// <exception cref="HilException">It was made for another machine or contract.</exception>
    public static BoundProgram Bind(JobWork work, ProgramImage program, Machine machine, string prefix = "")
    {
        ProgramIdentity.Require(program, machine, program.Name);
        work.Add(prefix + ArtefactNames.Program, ProgramFile.Write(program));
        return new BoundProgram(program, machine, ProgramFile.Hash(program), prefix);
    }

    public static Prediction Predict(JobWork work, BoundProgram bound)
    {
        work.Report("predict", $"{bound.Program.Layers.Count} layers on {bound.Machine.Name}");
        Prediction prediction = Predictor.Predict(bound.Program, bound.Machine, bound.Hash);
        work.Add(bound.Prefix + ArtefactNames.Prediction, PredictionFile.Bytes(prediction));
        return prediction;
    }

    /// <param name="observe">Told tensors within the model, where the device can; null: none.</param>
    /// <param name="observeSamples">Of so many samples.</param>
    public async Task<Execution> RunAsync(
        JobWork work,
        BoundProgram bound,
        IReadOnlyList<DeviceSample> samples,
        Action<int, TensorPlace, ReadOnlyMemory<byte>>? observe = null,
        int observeSamples = 0)
    {
        string name = work.Spec.Options.Device;
        work.Report("run", $"{samples.Count} samples on {name}");
        await using IDevice device = devices.Open(name, bound.Machine);
        var progress = new CountedProgress(work, samples.Count);
        DeviceRun run = await device.RunAsync(
            bound.Program, samples, new DeviceRunOptions(0, progress, observe, observeSamples, work.Spec.Options.Probe?.ToDevice()), work.Cancel);
        if (run.Probed?.Trace is { } trace) work.Add(bound.Prefix + ArtefactNames.Trace, Encoding.UTF8.GetBytes(trace));
        if (run.Probed?.Waves is { } waves) work.Add(bound.Prefix + ArtefactNames.Waves, waves.Span);
        if (run.Probed?.Toggles is { } toggles) work.Add(bound.Prefix + ArtefactNames.Toggles, Describe.Toggles(toggles, bound));
        if (run.Measurement is { } measurement)
        {
            work.Add(bound.Prefix + ArtefactNames.Measurement, MeasurementFile.Bytes(measurement));
        }

        return run.Failure is null && run.Measurement is not null
            ? new Execution(run.Measurement, run.Outputs, run.Probed)
            : throw new HilException(ExitKind.Device, run.Failure?.What ?? "no measurement came back.", name,
                run.Failure?.WhatToDo ?? "Run hil doctor.");
    }

    private sealed class CountedProgress(JobWork work, int samples) : IProgress<int>
    {
        public void Report(int value) =>
            work.Report("run", $"{value} of {samples} samples", (double)value / samples);
    }
}
