using System.Security.Cryptography;
using System.Text.Json;

namespace Hil.Jobs.Artefacts;

/// <summary>One file that a job made.</summary>
public sealed record Artefact(string Name, string Sha256, long Bytes);

/// <summary>All that a job made, and the hash of its specification. Equal jobs have equal manifests.</summary>
public sealed record Manifest(string Schema, string SpecHash, IReadOnlyList<Artefact> Artefacts)
{
    public const string CurrentSchema = "hil.manifest/1";

    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(ToJson()));

    public byte[] ToJson() => CanonicalJson.Bytes(this);

    public static Manifest FromJson(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<Manifest>(json, CanonicalJson.Options)!;

    public Artefact? this[string name] => Artefacts.FirstOrDefault(a => a.Name == name);
}
