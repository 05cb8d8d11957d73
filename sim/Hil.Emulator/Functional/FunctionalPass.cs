using Hil.Contract;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Emulator.Functional.Products;

namespace Hil.Emulator.Functional;

/// <summary>Executes a program with the results of program order; what is common to all samples is prepared once.</summary>
internal sealed class FunctionalPass
{
    private readonly ProgramImage _program;
    private readonly Instruction[] _code;
    private readonly List<PlanStep> _plan;

    public FunctionalPass(Machine machine, ProgramImage program, EmulatorOptions options, IReadOnlyList<bool> executed)
    {
        _program = program;
        _code = new Instruction[program.InstructionCount];
        for (int i = 0; i < _code.Length; i++) _code[i] = program[i];
        _plan = Planner.Plan(machine, program, _code, executed, options);
    }

    /// <summary>Products among the prepared steps.</summary>
    public int Products => _plan.Count(s => s.Product is not null);

    /// <summary>The vector level of each product.</summary>
    public IEnumerable<SimdLevel> ProductLevels => _plan.Select(s => s.Product).OfType<Product>().Select(p => p.Level);

    public void Run(DeviceState state, RunRequest request)
    {
        foreach (PlanStep step in _plan)
        {
            if (step.Product is { } product) product.Run(state);
            else if (step.Instruction >= 0)
            {
                InstructionSteps.Execute(state, _code[step.Instruction], step.Instruction);
                request.AfterInstruction?.Invoke(state, step.Instruction);
            }
            else if (request.Observe is { } observe) Observe(state, step.Layer, observe);
        }
    }

    private void Observe(DeviceState state, int layer, Action<TensorPlace, ReadOnlyMemory<byte>> observe)
    {
        foreach (TensorPlace place in _program.Observables)
        {
            if (place.Layer == layer) observe(place, PlacedTensor.Read(state, place));
        }
    }
}
