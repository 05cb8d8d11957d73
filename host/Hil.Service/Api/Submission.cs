using System.Globalization;
using Hil.Contract;
using Hil.Jobs;
using Hil.Jobs.Artefacts;
using Hil.Jobs.Specs;
using Microsoft.AspNetCore.Http;

namespace Hil.Service.Api;

/// <summary>
/// Reads a job from a form. Files: <c>model</c> (ONNX or .hilp), <c>data</c>, <c>calib</c>, <c>machine</c>. Fields: <c>model</c> (a bundled one's
/// name), <c>machine</c> (a name), and the options by their names.
/// </summary>
internal sealed class Submission(ObjectStore store, long maxUploadBytes)
{
    public async Task<JobSpec> ReadAsync(IFormCollection form, CancellationToken cancel)
    {
        var fields = new Fields(form);
        if (form.Files.FirstOrDefault(f => f.Name == ProjectSubmission.FileName) is { } project)
        {
            fields.RefuseUnread();
            return await new ProjectSubmission(store, maxUploadBytes).ReadAsync(project, form.Files, cancel);
        }

        var inputs = new SortedDictionary<string, InputReference>(StringComparer.Ordinal);
        JobOptions options = Options(fields);
        JobKind kind = options.Gemm is null ? JobKind.Run : JobKind.Gemm;
        foreach (IFormFile file in form.Files)
        {
            await AddAsync(inputs, file, cancel);
        }

        if (!inputs.ContainsKey(JobSpec.Machine))
        {
            Add(inputs, JobSpec.Machine, InputSource.FromMachine(Bundled(fields.Text("machine") ?? Project.DefaultMachine)));
        }

        if (fields.Text("model") is { } bundled)
        {
            BundledModel model = BundledModel.Find(bundled)?.Present() ?? throw Bad("model",
                $"'{bundled}' is no bundled model.", "Upload the file under the name 'model'.");
            Add(inputs, JobSpec.Model, InputSource.FromFile(model.Model));
            inputs.TryAdd(JobSpec.Data, Put(InputSource.FromFile(model.Data)));
            inputs.TryAdd(JobSpec.Calibration, Put(InputSource.FromFile(model.Calibration)));
        }

        fields.RefuseUnread();
        return new JobSpec(JobSpec.CurrentSchema, kind, inputs, options).Checked("form");
    }

    private static JobOptions Options(Fields fields) => new(
        Device(fields.Text("device")),
        fields.Integer("samples"),
        fields.Number("pruneBlocks") ?? 0,
        fields.Number("maxCycleErrorPercent"),
        fields.Number("maxQualityLoss"),
        fields.Integer("m") is { } m
            ? new GemmShape(m, fields.Integer("k") ?? 0, fields.Integer("n") ?? 0, fields.Number("sparsity") ?? 0)
            : null)
    {
        Metric = fields.Text("metric"),
        MinAgreement = fields.Number("minAgreement"),
        MinSqnrDb = fields.Number("minSqnrDb"),
        MaxCycles = fields.Number("maxCycles"),
        MaxMilliseconds = fields.Number("maxMilliseconds"),
        MaxEnergyMicrojoules = fields.Number("maxEnergyMicrojoules"),
        Bind = fields.Text("bind") is { } bind ? Bindings.Parse(bind, out string? wrong) ?? throw Bad("bind", wrong!, Bindings.Remedy) : null,
    };

    private async Task AddAsync(
        SortedDictionary<string, InputReference> inputs, IFormFile file, CancellationToken cancel)
    {
        string name = Path.GetFileName(file.FileName.Replace('\\', '/'));
        string role = file.Name == JobSpec.Model
            && name.EndsWith(RunInputs.ProgramExtension, StringComparison.OrdinalIgnoreCase)
            ? JobSpec.Program
            : file.Name;
        if (!JobSpec.Roles.Contains(role))
        {
            throw Bad(file.Name, "a file under an unknown name.", $"Use one of: {string.Join(", ", JobSpec.Roles)}.");
        }

        await using Stream stream = file.OpenReadStream();
        string hash = await store.PutAsync(stream, maxUploadBytes, cancel);
        if (role == JobSpec.Machine)
        {
            // Checked now, and in one spelling, so that the job is the same as with the machine's name.
            InputSource machine = InputSource.FromMachine(File.ReadAllBytes(store.PathOf(hash)), name);
            inputs[role] = Put(machine);
            return;
        }

        inputs[role] = new InputReference(name, hash);
    }

    private void Add(SortedDictionary<string, InputReference> inputs, string role, InputSource source)
    {
        if (!inputs.TryAdd(role, Put(source)))
        {
            throw Bad(role, "given both as a file and as a name.", "Give one of them.");
        }
    }

    private InputReference Put(InputSource source) => new(source.Name, store.Put(source.Read()));

    private static string Device(string? name) =>
        name is null ? JobOptions.Emulator
        : AvailableDevices.Has(name) ? name
        : throw Bad("device", $"there is no device '{name}'.", $"Name one of {AvailableDevices.Names}.");

    private static string Bundled(string machine) =>
        Hil.Contract.Machines.MachineFile.BundledNames.Contains(machine)
            ? machine
            : throw Bad("machine", $"there is no machine '{machine}'.",
                $"Name one of {string.Join(", ", Hil.Contract.Machines.MachineFile.BundledNames)}, or upload a machine file.");

    private static HilException Bad(string where, string what, string whatToDo) =>
        new(ExitKind.BadInput, what, where, whatToDo);

    /// <summary>The text fields of a form; one that nobody asked for is an error, not a silent default.</summary>
    private sealed class Fields(IFormCollection form)
    {
        // A browser sends a file that was not chosen as an empty field.
        private readonly HashSet<string> _unread = [.. form.Keys.Where(k => !JobSpec.Roles.Contains(k) || !string.IsNullOrEmpty(form[k]))];

        public string? Text(string name)
        {
            _unread.Remove(name);
            return form.TryGetValue(name, out var value) && value is [{ Length: > 0 } text] ? text : null;
        }

        public int? Integer(string name) => Text(name) is not { } text ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value
            : throw Bad(name, $"'{text}' is no whole number.", "Correct the field.");

        public double? Number(string name) => Text(name) is not { } text ? null
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                && double.IsFinite(value) ? value
            : throw Bad(name, $"'{text}' is no number.", "Correct the field.");

        public void RefuseUnread()
        {
            if (_unread.Count > 0)
            {
                throw Bad(_unread.First(), "an unknown field.", "See docs/service.md for the fields.");
            }
        }
    }
}
