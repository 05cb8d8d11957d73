using System.CommandLine;
using Hil.Cli.Jobs;
using Hil.Contract.Machines;
using Hil.Jobs.Specs;
using Hil.Jobs.Steps;

namespace Hil.Cli.Verbs;

internal static class GemmVerb
{
    public static Command Create(Terminal terminal)
    {
        var m = Size("M", "Rows of the activations.");
        var k = Size("K", "Columns of the activations, rows of the weights.");
        var n = Size("N", "Columns of the weights.");
        Option<string> machine = CommonOptions.Machine();
        Option<string> device = CommonOptions.Device();
        var sparsity = new Option<double>("--sparsity")
        {
            Description = "Share of the weight tiles that are zero, 0 to below 1.",
            HelpName = "share",
            DefaultValueFactory = _ => 0,
        };
        sparsity.Must(s => s is >= 0 and < 1, "--sparsity must be at least 0 and less than 1.");
        Option<double?> gate = CommonOptions.MaxCycleError();
        Option<string?> report = Outputs.Report();
        var program = new Option<string?>("--program")
        {
            Description = "Write the compiled program; default: it stays in the store.",
            HelpName = "file",
        };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("gemm", AllVerbs.Describe(
            "Compile, predict and run one matrix product of random int8 numbers.",
            "gemm 256 512 512 --machine arty-a7-100t", "gemm 64 64 64 --sparsity 0.5 --json"))
        {
            m, k, n, machine, sparsity, device, gate, report, program, json,
        };
        var probe = new ProbeOptions();
        probe.Add(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var options = JobOptions.Default with
            {
                Device = parsed.GetValue(device)!,
                MaxCycleErrorPercent = parsed.GetValue(gate),
                Probe = probe.Of(parsed),
                Gemm = new GemmShape(
                    parsed.GetValue(m), parsed.GetValue(k), parsed.GetValue(n), parsed.GetValue(sparsity)),
            };
            string machineName = parsed.GetValue(machine)!;
            var inputs = new Dictionary<string, InputSource> { [JobSpec.Machine] = InputSource.FromMachine(machineName) };
            FinishedJob job = await new JobSession(terminal)
                .RunAsync(LocalJob.Of(JobKind.Gemm, inputs, options), cancel, probe.Files(parsed));
            if (parsed.GetValue(program) is { } path)
            {
                job.Export(ArtefactNames.Program, path);
            }

            return Outputs.Conclude(
                terminal, job, MachineFile.Load(machineName), parsed.GetValue(json), parsed.GetValue(report));
        });
        return command;
    }

    private static Argument<int> Size(string name, string description)
    {
        var size = new Argument<int>(name) { Description = description };
        size.Validators.Add(r =>
        {
            if (r.Tokens.Count == 1 && int.TryParse(r.Tokens[0].Value, out int value) && value is < 1 or > GemmShape.Largest)
            {
                r.AddError($"{name} must be 1 to {GemmShape.Largest}.");
            }
        });
        return size;
    }
}
