using System.Security.Cryptography;

namespace Hil.Jobs.Specs;

/// <summary>A job of files on this machine, in place: the specification, and where its inputs come from.</summary>
public sealed class LocalJob : IJobInputs
{
    private readonly Dictionary<string, InputSource> _sourceByHash;

    private LocalJob(JobSpec spec, Dictionary<string, InputSource> sourceByHash) =>
        (Spec, _sourceByHash) = (spec, sourceByHash);

    public JobSpec Spec { get; }

    /// <param name="kind">Of the job.</param>
    /// <param name="inputs">By role.</param>
    /// <param name="options">Of the job.</param>
    public static LocalJob Of(JobKind kind, IReadOnlyDictionary<string, InputSource> inputs, JobOptions options)
    {
        var references = new SortedDictionary<string, InputReference>(StringComparer.Ordinal);
        var sources = new Dictionary<string, InputSource>();
        foreach ((string role, InputSource source) in inputs)
        {
            string hash = Convert.ToHexStringLower(SHA256.HashData(source.Read()));
            references[role] = new InputReference(source.Name, hash);
            sources[hash] = source;
        }

        return new LocalJob(new JobSpec(JobSpec.CurrentSchema, kind, references, options).Checked("job"), sources);
    }

    /// <summary>The same inputs with other options.</summary>
    public LocalJob With(JobOptions options) => new((Spec with { Options = options }).Checked("job"), _sourceByHash);

    public byte[] Read(InputReference input) => _sourceByHash[input.Sha256].Read();
}
