using Hil.Contract;

namespace Hil.Cli;

/// <summary>The folder of the sources, for verbs that build or test them.</summary>
internal static class RepositoryRoot
{
    public const string SolutionName = "HilFramework.sln";

    public static string Find()
    {
        // The launcher says where it lies; a program started by hand looks upwards from itself.
        string? candidate = Environment.GetEnvironmentVariable("HIL_ROOT");
        for (candidate ??= AppContext.BaseDirectory; candidate is not null; candidate = Path.GetDirectoryName(candidate))
        {
            if (File.Exists(Path.Combine(candidate, SolutionName)))
            {
                return candidate;
            }
        }

        throw new HilException(ExitKind.Usage, "the sources are not here.", SolutionName,
            "This verb builds and tests the sources: run the `hil` launcher of a clone of the repository.");
    }
}
