namespace Hil.Cli;

/// <summary>Where the program keeps what it makes: in the clone that its launcher belongs to, else in the user's data folder.</summary>
internal static class UserFolders
{
    private static readonly string? Clone =
        Environment.GetEnvironmentVariable("HIL_ROOT") is { Length: > 0 } root ? root : null;

    /// <summary>How a person starts the program.</summary>
    public static string Command => Clone is null ? "hil" : "./hil";

    /// <summary>Artefacts of jobs; <c>HIL_STORE</c> overrides it.</summary>
    public static string Store => Environment.GetEnvironmentVariable("HIL_STORE") is { Length: > 0 } chosen ? chosen : Of("objects");

    /// <summary>Queue, artefacts and logs of the service.</summary>
    public static string Service => Of("service");

    /// <summary>A file that the person is told of: in the clone's own folder, else in the working folder.</summary>
    public static string File(string name) => Clone is null ? name : Path.Combine(Clone, ".hil", name);

    private static string Of(string name) => Clone is not null ? Path.Combine(Clone, ".hil", name) : Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "hil", name);
}
