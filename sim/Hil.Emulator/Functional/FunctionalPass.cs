using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;

namespace Hil.Emulator.Functional;

/// <summary>Executes a program in program order; what is common to all samples is prepared once.</summary>
internal sealed class FunctionalPass
{
    private readonly ProgramImage _program;
    private readonly Instruction[] _code;
    private readonly bool[] _executed;

    public FunctionalPass(Machine machine, ProgramImage program, EmulatorOptions options, IReadOnlyList<bool> executed)
    {
        _program = program;
        _executed = executed.ToArray();
        _code = new Instruction[program.InstructionCount];
        for (int i = 0; i < _code.Length; i++) _code[i] = program[i];
    }

    public void Run(DeviceState state, RunRequest request)
    {
        int layer = 0;
        for (int i = 0; i < _code.Length; i++)
        {
            if (_executed[i]) InstructionSteps.Execute(state, _code[i], i);
            if (request.Observe is null) continue;
            for (; layer < _program.Layers.Count && End(layer) <= i + 1; layer++) Observe(state, layer, request.Observe);
        }
    }

    private int End(int layer) => _program.Layers[layer].FirstInstruction + _program.Layers[layer].InstructionCount;

    private void Observe(DeviceState state, int layer, Action<TensorPlace, ReadOnlyMemory<byte>> observe)
    {
        foreach (TensorPlace place in _program.Observables)
        {
            if (place.Layer == layer) observe(place, PlacedTensor.Read(state, place));
        }
    }
}
