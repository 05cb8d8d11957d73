using System.Text.Json.Nodes;
using Hil.Compiler;
using Hil.Contract;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Devices;
using Hil.Jobs.Specs;
using Hil.Reconcile;

namespace Hil.Jobs.Steps;

/// <summary>One product: compile, predict, run, reconcile.</summary>
public sealed class GemmPipeline(ProgramSteps steps) : IPipeline
{
    public const string Schema = "hil.gemm/1";

    private const int Seed = 1;

    /// <inheritdoc/>
    public async Task<ExitKind> RunAsync(JobWork work)
    {
        GemmShape shape = work.Spec.Options.Gemm!;
        Machine machine = ProgramSteps.Machine(work);
        work.Report("compile", $"product {shape.M} x {shape.K} x {shape.N} for {machine.Name}");
        CompiledProgram compiled = GemmCompiler.Compile(shape.M, shape.K, shape.N, machine, shape.Sparsity, Seed);
        BoundProgram bound = ProgramSteps.Bind(work, compiled.Program, machine);
        Prediction prediction = ProgramSteps.Predict(work, bound);
        Execution execution = await steps.RunAsync(work, bound, [RandomSample(bound.Program)]);
        var more = new JsonObject
        {
            ["product"] = new JsonObject
            {
                ["m"] = shape.M, ["k"] = shape.K, ["n"] = shape.N, ["sparsity"] = shape.Sparsity,
            },
            ["window"] = Window(execution.Measurement),
        };
        Describe.Probed(more, execution.Probed);
        return Conclusion.Write(work, prediction, execution.Measurement, Schema, new ReconcileExtras
        {
            Machine = machine,
            Fit = Fits.Of(compiled),
            Gates = Conclusion.Gates(work),
        }, more);
    }

    private static DeviceSample RandomSample(ProgramImage program)
    {
        var random = new Random(Seed);
        return new DeviceSample([.. program.Inputs.Select(place =>
        {
            byte[] bytes = new byte[TensorCodec.DenseBytes(place)];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = unchecked((byte)random.Next(-127, 128));
            }

            return new ReadOnlyMemory<byte>(bytes);
        })]);
    }

    /// <summary>
    /// The share of cycles in which the array is busy from the first streamed row to the last requantized byte; null where the
    /// device gives no trace.
    /// </summary>
    private static JsonObject? Window(Measurement measurement)
    {
        Retirement[] compute = [.. measurement.Trace.Where(r => r.Unit == Unit.Compute)];
        Retirement[] vector = [.. measurement.Trace.Where(r => r.Unit == Unit.Vector)];
        if (compute.Length == 0 || vector.Length == 0)
        {
            return null;
        }

        // An instruction executes from the cycle after its start up to its retirement.
        long cycles = vector.Max(r => r.Retire) - compute.Min(r => r.Start);
        long busy = compute.Sum(r => r.Retire - r.Start);
        return new JsonObject
        {
            ["cycles"] = cycles,
            ["arrayBusyCycles"] = busy,
            ["arrayBusyShare"] = (double)busy / cycles,
        };
    }
}
