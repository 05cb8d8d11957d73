using System.Globalization;

namespace Hil.Rtl.Tests;

/// <summary>How much a run of the tests does: a share by default, all with HIL_TEST_FULL=1.</summary>
internal static class Share
{
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("HIL_TEST_FULL") == "1";

    public static int Of(int quick, int full) => IsFull ? full : quick;

    /// <summary>A number that an environment variable may set.</summary>
    public static int Setting(string name, int fallback) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;

    /// <summary>Some machines by default, more of them in full.</summary>
    public static TheoryData<string> Machines(string[] quick, params string[] more) => [.. IsFull ? [.. quick, .. more] : quick];
}
