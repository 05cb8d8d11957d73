using System.Security.Cryptography;
using Hil.Contract;

namespace Hil.Jobs.Artefacts;

/// <summary>A folder of files named by the SHA-256 of their contents; what is there is whole and never changes.</summary>
public sealed class ObjectStore(string folder)
{
    private const int CopyBufferBytes = 1 << 17;

    /// <summary>Digits by which a person may name a job.</summary>
    private const int ShortestHash = 6;

    public string Folder { get; } = Path.GetFullPath(folder);

    public string Put(ReadOnlySpan<byte> contents)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(contents));
        string path = PathOf(hash);
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, contents);
        }

        return hash;
    }

    /// <summary>Stores a stream of at most <paramref name="limitBytes"/> without holding it in memory.</summary>
    public async Task<string> PutAsync(Stream contents, long limitBytes, CancellationToken cancel)
    {
        Directory.CreateDirectory(Folder);
        string temporary = AtomicFile.Temporary(Path.Combine(Folder, "upload"));
        try
        {
            using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                byte[] buffer = new byte[CopyBufferBytes];
                long total = 0;
                for (int read; (read = await contents.ReadAsync(buffer, cancel)) > 0;)
                {
                    total += read;
                    if (total > limitBytes)
                    {
                        throw new HilException(ExitKind.BadInput, $"more than {limitBytes} bytes.", "upload",
                            "Send a smaller file, or raise the limit of the service.");
                    }

                    sha.AppendData(buffer, 0, read);
                    await file.WriteAsync(buffer.AsMemory(0, read), cancel);
                }

                file.Flush(flushToDisk: true);
            }

            string hash = Convert.ToHexStringLower(sha.GetHashAndReset());
            string path = PathOf(hash);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(temporary, path, overwrite: true);
            return hash;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Keeps what a job made under the job's own hash; the newest run of a job counts.</summary>
    public void Remember(Manifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        string path = Path.Combine(Jobs, manifest.SpecHash + ".json");
        Directory.CreateDirectory(Jobs);
        AtomicFile.Write(path, manifest.ToJson());
    }

    /// <summary>What the job made whose hash begins so; null if there is none.</summary>
    /// <exception cref="HilException">Several do.</exception>
    public Manifest? FindJob(string hashStart)
    {
        string[] found = hashStart.Length >= ShortestHash && hashStart.All(char.IsAsciiHexDigitLower) && Directory.Exists(Jobs)
            ? Directory.GetFiles(Jobs, hashStart + "*.json")
            : [];
        return found switch
        {
            [] => null,
            [var one] => Manifest.FromJson(File.ReadAllBytes(one)),
            _ => throw new HilException(ExitKind.Usage, $"{found.Length} jobs begin so.", hashStart, "Give more of the hash."),
        };
    }

    private string Jobs => Path.Combine(Folder, "jobs");

    public bool Contains(string hash) => File.Exists(PathOf(hash));

    /// <summary>Where the object lies, whether or not it is there.</summary>
    public string PathOf(string hash)
    {
        ArgumentException.ThrowIfNullOrEmpty(hash);
        return hash.Length == 64 && hash.All(char.IsAsciiHexDigitLower)
            ? Path.Combine(Folder, hash[..2], hash)
            : throw new ArgumentException("Not a SHA-256 in lower-case hexadecimal.", nameof(hash));
    }
}
