using Hil.Compiler;
using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Emulator;
using Hil.Emulator.Timing;
using Hil.Predict;

namespace Hil.Reconcile.Tests;

/// <summary>Products compiled, predicted and timed by the emulator, right or with a rule altered.</summary>
internal static class Runs
{
    public static Machine Machine(string name = "icebreaker") => MachineFile.Bundled(name);

    public static (Prediction Prediction, Measurement Measurement) Product(
        int m = 96, int k = 64, int n = 64, string machine = "icebreaker", EmulatorMutation mutation = EmulatorMutation.None, double sparsity = 0) =>
        Product(m, k, n, Machine(machine), Machine(machine), mutation, sparsity);

    /// <param name="predicted">The machine that the prediction believes in.</param>
    /// <param name="run">The machine that runs.</param>
    public static (Prediction Prediction, Measurement Measurement) Product(
        int m, int k, int n, Machine predicted, Machine run, EmulatorMutation mutation = EmulatorMutation.None, double sparsity = 0)
    {
        ProgramImage program = GemmCompiler.Compile(m, k, n, run, sparsity).Program;
        TimingResult truth = TimingPass.Run(run, program, EmulatorOptions.Default with { Mutation = mutation });
        string hash = ProgramFile.Hash(program);
        return (
            Predictor.Predict(program, predicted, hash),
            new Measurement(
                Measurement.CurrentSchema, program.Name, hash, run.Name, program.MachineHash, program.ContractHash, "emulator",
                Provenance.Emulated, truth.Trap, truth.Counters, truth.Layers, truth.Trace, null));
    }
}
