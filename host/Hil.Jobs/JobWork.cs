using System.Security.Cryptography;
using Hil.Contract;
using Hil.Jobs.Artefacts;
using Hil.Jobs.Specs;

namespace Hil.Jobs;

/// <summary>One job under way: its inputs, checked when they are read, and the artefacts it has made so far. Safe for several threads.</summary>
public sealed class JobWork(
    JobSpec spec, IJobInputs inputs, ObjectStore store, IProgress<JobEvent> progress, CancellationToken cancel)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Artefact> _artefacts = new(StringComparer.Ordinal);

    public JobSpec Spec { get; } = spec;

    public CancellationToken Cancel { get; } = cancel;

    public bool Has(string role) => Spec.Inputs.ContainsKey(role);

    public string NameOf(string role) => Spec.Inputs[role].Name;

    /// <summary>The contents of an input, which must be those that the specification names.</summary>
    public byte[] Read(string role)
    {
        InputReference input = Spec.Inputs[role];
        byte[] contents = inputs.Read(input);
        return Convert.ToHexStringLower(SHA256.HashData(contents)) == input.Sha256
            ? contents
            : throw new HilException(ExitKind.IdentityMismatch, "the file changed after the job was made.",
                input.Name, "Start the job again.");
    }

    public Artefact Add(string name, ReadOnlySpan<byte> contents)
    {
        var artefact = new Artefact(name, store.Put(contents), contents.Length);
        lock (_gate)
        {
            _artefacts[name] = artefact;
        }

        return artefact;
    }

    /// <summary>SHA-256 of an artefact made so far.</summary>
    public string Hash(string name)
    {
        lock (_gate)
        {
            return _artefacts[name].Sha256;
        }
    }

    public void Report(string step, string message, double? fraction = null)
    {
        Cancel.ThrowIfCancellationRequested();
        progress.Report(new JobEvent(step, message, fraction));
    }

    public Manifest ToManifest()
    {
        lock (_gate)
        {
            return new Manifest(Manifest.CurrentSchema, Spec.Hash(), [.. _artefacts.Values]);
        }
    }
}
