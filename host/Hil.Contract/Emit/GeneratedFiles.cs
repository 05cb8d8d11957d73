using Hil.Contract.Machines;

namespace Hil.Contract.Emit;

/// <summary>Every checked-in file that is made from the contract: path from the repository's root, and text.</summary>
public static class GeneratedFiles
{
    public static IReadOnlyList<(string Path, string Text)> All() =>
    [
        (SystemVerilogPackage.Path, SystemVerilogPackage.Emit()),
        (SystemVerilogMicrocode.Path, SystemVerilogMicrocode.Emit()),
        (MicrocodeDocument.Path, MicrocodeDocument.Emit()),
        (CHeader.Path, CHeader.Emit()),
        (IsaDocument.Path, IsaDocument.Emit()),
        (RegisterDocument.Path, RegisterDocument.Emit()),
        (TablesDocument.Path, TablesDocument.Emit()),
        .. MachineFile.BundledNames.Select(MachineFile.Bundled).Select(m => (SystemVerilogMachine.PathOf(m), SystemVerilogMachine.Emit(m))),
    ];
}
