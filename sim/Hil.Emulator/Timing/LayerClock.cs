using Hil.Contract.Isa;
using Hil.Contract.Programs;
using Hil.Contract.Records;

namespace Hil.Emulator.Timing;

/// <summary>When each layer ends and how busy each unit was for it (docs/timing.md section 9).</summary>
public sealed class LayerClock
{
    private readonly ProgramImage _program;
    private readonly EmulatorMutation _mutation;
    private readonly int[] _layerOf;
    private readonly long[] _end;
    private readonly long[][] _busy;

    public LayerClock(ProgramImage program, EmulatorMutation mutation)
    {
        (_program, _mutation) = (program, mutation);
        _layerOf = new int[program.InstructionCount];
        _end = new long[program.Layers.Count];
        _busy = new long[program.Layers.Count][];
        Array.Fill(_layerOf, -1);
        for (int l = 0; l < _end.Length; l++)
        {
            ProgramLayer layer = program.Layers[l];
            _layerOf.AsSpan(layer.FirstInstruction, layer.InstructionCount).Fill(l);
            _end[l] = -1;
            _busy[l] = new long[Units.Count];
        }
    }

    public void Retired(int index, int unit, long cycle, long busy)
    {
        int layer = _layerOf[index];
        if (layer < 0) return;
        if (_mutation != EmulatorMutation.LayersEndAtFirstRetirement || _end[layer] < 0) _end[layer] = cycle;
        _busy[layer][unit] += busy;
    }

    /// <summary>The layers of a segment of so many cycles; they add up to them.</summary>
    public IReadOnlyList<LayerCycles> Finish(long cycles)
    {
        var result = new LayerCycles[_end.Length];
        long before = -1;
        for (int l = 0; l < _end.Length; l++)
        {
            ProgramLayer layer = _program.Layers[l];
            long end = Math.Max(before, l == _end.Length - 1 ? cycles - 1 : _end[l]);
            result[l] = new LayerCycles(layer.Name, layer.Kind, end - before, _busy[l], layer.Macs);
            before = end;
        }

        return result;
    }
}
