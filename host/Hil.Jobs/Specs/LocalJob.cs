using System.Security.Cryptography;
using Hil.Contract;

namespace Hil.Jobs.Specs;

/// <summary>A job of files on this machine, in place: the specification and where its inputs lie.</summary>
public sealed class LocalJob : IJobInputs
{
    private readonly Dictionary<string, string> _pathByHash;

    private LocalJob(JobSpec spec, Dictionary<string, string> pathByHash) =>
        (Spec, _pathByHash) = (spec, pathByHash);

    public JobSpec Spec { get; }

    /// <param name="kind">Of the job.</param>
    /// <param name="files">Paths by role; null where the role is not used.</param>
    /// <param name="options">Of the job.</param>
    public static LocalJob Of(JobKind kind, IReadOnlyDictionary<string, string?> files, JobOptions options)
    {
        var inputs = new SortedDictionary<string, InputReference>(StringComparer.Ordinal);
        var paths = new Dictionary<string, string>();
        foreach ((string role, string? path) in files)
        {
            if (path is null)
            {
                continue;
            }

            string hash = HashOf(path);
            inputs[role] = new InputReference(Path.GetFileName(path), hash);
            paths[hash] = Path.GetFullPath(path);
        }

        var spec = new JobSpec(JobSpec.CurrentSchema, kind, inputs, options).Checked("job");
        return new LocalJob(spec, paths);
    }

    public string PathOf(InputReference input) => _pathByHash[input.Sha256];

    private static string HashOf(string path)
    {
        if (!File.Exists(path))
        {
            throw new HilException(ExitKind.BadInput, "there is no such file.", path, "Check the path.");
        }

        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
