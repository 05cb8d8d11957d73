using Hil.Devices;

namespace Hil.Jobs;

/// <summary>A device by name, and what is missing to use it here; null if nothing is.</summary>
public sealed record AvailableDevice(string Name, string Description, string? Missing);

/// <summary>The devices of this computer that a job can name.</summary>
public static class AvailableDevices
{
    internal static DeviceCatalog Catalog { get; } = DeviceCatalog.Default(null, RtlDevice.Entry);

    public static IReadOnlyList<AvailableDevice> List() =>
        [.. Catalog.Entries.Select(e => new AvailableDevice(e.Name, e.Description, e.Missing))];
}
