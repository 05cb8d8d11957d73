using System.Diagnostics;

namespace Hil.Jobs;

/// <summary>Runs a program to its end, with its output in a file, and leaves no child behind.</summary>
public static class ChildProcess
{
    /// <summary>The exit code; null when the program did not end within the time.</summary>
    public static async Task<int?> RunAsync(
        string program, IEnumerable<string> arguments, string workingFolder, string? logFile,
        IReadOnlyDictionary<string, string>? environment, TimeSpan limit, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)
            ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Close();
        await using var log = logFile is null ? null : TextWriter.Synchronized(new StreamWriter(logFile));
        DataReceivedEventHandler write = (_, e) =>
        {
            if (e.Data is not null)
            {
                log?.WriteLine(e.Data);
            }
        };
        process.OutputDataReceived += write;
        process.ErrorDataReceived += write;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(limit);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            cancel.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>Where a program lies on the search path; null when it does not.</summary>
    public static string? Find(string name)
    {
        string suffix = OperatingSystem.IsWindows() ? ".exe" : "";
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name + suffix))
            .FirstOrDefault(File.Exists);
    }
}
