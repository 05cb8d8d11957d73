using Hil.Contract.Machines;

namespace Hil.Specification.Programs;

/// <summary>A machine with the pipelined vector unit in place of the serial one, and room for its parameters: what the small board would be if that fitted.</summary>
public static class PipelinedMachine
{
    public const string Name = "pipelined";

    public static Machine Of(Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        return machine with { Name = Name, ParameterEntries = 256, RowScaleEntries = 256, Vector = new VectorShape(1, 0, 0, 0, 8, 40, 24) };
    }
}
