using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Jobs.Artefacts;
using Hil.Jobs.Specs;
using Microsoft.AspNetCore.Http;

namespace Hil.Service.Api;

/// <summary>
/// Reads a job from a project file (<c>hil.json</c>) and the files that it names, each uploaded under its role. The job is the one that
/// `hil run` makes of the same project. A project of bundled models and machines needs no file.
/// </summary>
internal sealed class ProjectSubmission(ObjectStore store, long maxUploadBytes)
{
    /// <summary>Under which the form carries the project.</summary>
    public const string FileName = "project";

    private const int LongestProject = 1 << 20;

    /// <summary>A project and its files.</summary>
    public async Task<JobSpec> ReadAsync(IFormFile project, IFormFileCollection files, CancellationToken cancel)
    {
        await using Stream stream = project.OpenReadStream();
        return await ReadAsync(stream, [.. files.Where(f => f.Name != FileName)], cancel);
    }

    /// <summary>A project that names no file.</summary>
    public Task<JobSpec> ReadAsync(Stream project, CancellationToken cancel) => ReadAsync(project, [], cancel);

    private async Task<JobSpec> ReadAsync(Stream stream, IReadOnlyList<IFormFile> files, CancellationToken cancel)
    {
        Project project = ProjectFile.Parse(await ReadAsync(stream, LongestProject, cancel), FileName);
        if (project.MetricCommand is not null)
        {
            throw Bad("metricCommand", "a service runs no commands of its users.", "Leave it out, or run the project with `hil run`.");
        }

        IReadOnlyDictionary<string, string> named = project.Files();
        if (!named.ContainsKey(JobSpec.Machine) && !MachineFile.BundledNames.Contains(project.Machine ?? Project.DefaultMachine))
        {
            throw Bad("machine", $"there is no machine '{project.Machine}'.",
                $"Name one of {string.Join(", ", MachineFile.BundledNames)}, or a machine file.");
        }

        if (files.FirstOrDefault(f => !named.ContainsKey(Role(f, named))) is { } stranger)
        {
            throw Bad(stranger.Name, "a file that the project does not name.", "Leave it out.");
        }

        // Laid out as in the person's folder, but flat: names may lead out of it, and only their last part is known to the job.
        string folder = Directory.CreateTempSubdirectory("hil-project-").FullName;
        try
        {
            var here = new Dictionary<string, string>();
            foreach ((string role, string path) in named)
            {
                string name = Path.GetFileName(path.Replace('\\', '/'));
                if (name is "" or "." or "..")
                {
                    throw Bad(role, $"'{path}' names no file.", "Correct the project.");
                }

                IFormFile file = files.FirstOrDefault(f => Role(f, named) == role && Path.GetFileName(f.FileName.Replace('\\', '/')) == name)
                    ?? throw Bad(role, $"the project names '{name}', which did not come with it.", $"Add -F {role}=@{path}.");
                Directory.CreateDirectory(Path.Combine(folder, role));
                here[role] = Path.Combine(folder, role, name);
                await CopyAsync(file, here[role], cancel);
            }

            LocalJob job = At(project, here).ToJob(folder);
            foreach (InputReference input in job.Spec.Inputs.Values)
            {
                store.Put(job.Read(input));
            }

            return job.Spec;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Project At(Project p, Dictionary<string, string> files)
    {
        string? File(string role, string? otherwise) => files.GetValueOrDefault(role, otherwise!);
        return p with
        {
            Model = File(JobSpec.Program, File(JobSpec.Model, p.Model))!,
            Data = File(JobSpec.Data, p.Data),
            Calib = File(JobSpec.Calibration, p.Calib),
            Machine = File(JobSpec.Machine, p.Machine),
            Baseline = File(JobSpec.Baseline, p.Baseline),
            Reference = File(JobSpec.Reference, p.Reference),
        };
    }

    /// <summary>A program may come under the name `model`, as in a form without a project.</summary>
    private static string Role(IFormFile file, IReadOnlyDictionary<string, string> named) =>
        file.Name == JobSpec.Model && named.ContainsKey(JobSpec.Program) ? JobSpec.Program : file.Name;

    private async Task CopyAsync(IFormFile file, string path, CancellationToken cancel)
    {
        if (file.Length > maxUploadBytes)
        {
            throw Bad(file.Name, $"more than {maxUploadBytes} bytes.", "Send a smaller file, or raise the limit of the service.");
        }

        await using FileStream target = File.Create(path);
        await file.CopyToAsync(target, cancel);
    }

    private static async Task<byte[]> ReadAsync(Stream stream, int limit, CancellationToken cancel)
    {
        byte[] buffer = new byte[limit + 1];
        int read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
        return read <= limit ? buffer[..read] : throw Bad(FileName, "it is larger than a project can be.", "Send hil.json.");
    }

    private static HilException Bad(string where, string what, string whatToDo) => new(ExitKind.BadInput, what, where, whatToDo);
}
