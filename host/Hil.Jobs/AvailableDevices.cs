using Hil.Devices;

namespace Hil.Jobs;

/// <summary>A device by name, and what is missing to use it here; null if nothing is.</summary>
public sealed record AvailableDevice(string Name, string Description, string? Missing);

/// <summary>The devices of this computer that a job can name.</summary>
public static class AvailableDevices
{
    internal static DeviceCatalog Catalog { get; } = DeviceCatalog.Default(null, RtlDevice.Entry);

    /// <summary>Whether there is such a device, here or where its tools are.</summary>
    public static bool Has(string name) => Catalog.Entries.Any(e => e.Name == name);

    /// <summary>The names, for a message.</summary>
    public static string Names => string.Join(", ", Catalog.Entries.Select(e => e.Name));

    public static IReadOnlyList<AvailableDevice> List() =>
        [.. Catalog.Entries.Select(e => new AvailableDevice(e.Name, e.Description, e.Missing))];
}
