namespace Hil.Contract;

/// <summary>Writes a file whole or not at all: into a temporary file beside it, then by renaming. A reader sees the old file or the new one.</summary>
public static class AtomicFile
{
    public static void Write(string path, ReadOnlySpan<byte> contents)
    {
        string temporary = Temporary(path);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(contents);

                // On the disk before the name is: after a loss of power a name never stands for half a file.
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>As the other, with what <paramref name="write"/> writes.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        using var contents = new MemoryStream();
        write(contents);
        Write(path, contents.GetBuffer().AsSpan(0, checked((int)contents.Length)));
    }

    /// <summary>A name beside <paramref name="path"/> that nobody else uses.</summary>
    public static string Temporary(string path)
    {
        string full = Path.GetFullPath(path);
        return Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.tmp");
    }
}
