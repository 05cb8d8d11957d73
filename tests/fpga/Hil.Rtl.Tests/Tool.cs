using System.ComponentModel;
using System.Diagnostics;

namespace Hil.Rtl.Tests;

/// <summary>Runs a program to its end.</summary>
internal static class Tool
{
    /// <summary>Exit code and all that was said; the test skips where the program is not installed.</summary>
    public static (int Exit, string Said) Run(string program, IEnumerable<string> arguments, string folder)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + error.GetAwaiter().GetResult());
        }
        catch (Win32Exception)
        {
            throw new SkipException($"{program} is not installed.");
        }
    }
}
