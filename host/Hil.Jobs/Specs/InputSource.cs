using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Models.Onnx;

namespace Hil.Jobs.Specs;

/// <summary>A file that a job is to read: its name, and its contents when they are wanted.</summary>
public sealed record InputSource(string Name, Func<byte[]> Read)
{
    /// <summary>A file; an ONNX file holds what it keeps in files beside it.</summary>
    /// <exception cref="HilException">There is no such file.</exception>
    public static InputSource FromFile(string path) => File.Exists(path)
        ? new InputSource(
            Path.GetFileName(path), () => Path.GetExtension(path).Equals(".onnx", StringComparison.OrdinalIgnoreCase) ? OnnxFile.Read(path) : File.ReadAllBytes(path))
        : throw new HilException(ExitKind.BadInput, "there is no such file.", path, "Check the path.");

    /// <summary>A bundled machine by name or a machine file; in one spelling, so that both are one machine.</summary>
    public static InputSource FromMachine(string nameOrPath) => Of(MachineFile.Load(nameOrPath));

    /// <summary>The contents of a machine file.</summary>
    public static InputSource FromMachine(byte[] contents, string where) => Of(MachineFile.Parse(contents, where));

    private static InputSource Of(Machine machine)
    {
        byte[] contents = MachineFile.Write(machine);
        return new InputSource($"{machine.Name}.json", () => contents);
    }
}
