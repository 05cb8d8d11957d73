using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Emulator;

namespace Hil.Devices;

/// <summary>A kind of device by its name, whether it can be used here, and how to open it.</summary>
/// <param name="Missing">What is missing to use it on this computer; null if nothing is.</param>
public sealed record DeviceEntry(string Name, string Description, string? Missing, Func<Machine, IDevice> Open);

/// <summary>The devices of this computer.</summary>
public sealed class DeviceCatalog(IReadOnlyList<DeviceEntry> entries)
{
    public const string Emulator = "emulator";

    public const string Rtl = "rtl";

    public IReadOnlyList<DeviceEntry> Entries { get; } = entries;

    /// <summary>The emulator, and whatever else is given.</summary>
    public static DeviceCatalog Default(EmulatorOptions? options = null, params ReadOnlySpan<DeviceEntry> more) => new(
    [
        new DeviceEntry(
            Emulator, "bit-exact and cycle-exact emulator, any machine", null, machine => new EmulatorDevice(machine, options)),
        .. more,
    ]);

    /// <exception cref="HilException">There is no such device, or it cannot be used here.</exception>
    public IDevice Open(string name, Machine machine)
    {
        DeviceEntry entry = Entries.FirstOrDefault(e => e.Name == name) ?? throw new HilException(
            ExitKind.Usage, "There is no device of this name.", name,
            $"Name one of {string.Join(", ", Entries.Select(e => e.Name))}.");
        return entry.Missing is null
            ? entry.Open(machine)
            : throw new HilException(ExitKind.Device, $"It cannot be used here: {entry.Missing}.", name, "Run hil doctor.");
    }
}
