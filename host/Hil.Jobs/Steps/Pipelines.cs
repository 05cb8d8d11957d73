using Hil.Devices;
using Hil.Jobs.Artefacts;
using Hil.Jobs.Specs;

namespace Hil.Jobs.Steps;

/// <summary>The runner that both the command line and the service use.</summary>
public static class Pipelines
{
    /// <summary>Over the devices of this computer.</summary>
    public static JobRunner Runner(ObjectStore store) => Runner(store, AvailableDevices.Catalog);

    public static JobRunner Runner(ObjectStore store, DeviceCatalog devices)
    {
        var steps = new ProgramSteps(devices);
        return new JobRunner(store, new Dictionary<JobKind, IPipeline>
        {
            [JobKind.Run] = new RunPipeline(steps),
            [JobKind.Gemm] = new GemmPipeline(steps),
            [JobKind.Compile] = new CompilePipeline(),
            [JobKind.Quantize] = new QuantizePipeline(),
            [JobKind.Predict] = new PredictPipeline(),
            [JobKind.Prune] = new PrunePipeline(),
            [JobKind.Export] = new ExportPipeline(),
            [JobKind.Diff] = new DiffPipeline(steps),
        });
    }
}
