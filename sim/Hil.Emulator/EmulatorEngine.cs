using System.Collections.Concurrent;
using Hil.Contract;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Emulator.Functional;
using Hil.Emulator.Timing;

namespace Hil.Emulator;

/// <summary>
/// The bit-exact and cycle-exact emulator of one program on one machine. The program is prepared once; then any number of
/// samples run, also at the same time from several threads.
/// </summary>
public sealed class EmulatorEngine
{
    private readonly ProgramImage _program;
    private readonly EmulatorOptions _options;
    private readonly FunctionalPass _functional;
    private readonly InitialMemories _initial;
    private readonly ConcurrentBag<DeviceState> _idleStates = [];

    public EmulatorEngine(Machine machine, ProgramImage program, EmulatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(program);
        (Machine, _program, _options) = (machine, program, options ?? EmulatorOptions.Default);
        Timing = TimingPass.Run(machine, program, _options);
        _initial = new InitialMemories(machine, _options.PoisonSeed);
        _functional = new FunctionalPass(machine, program, _options, Timing.Executed);
    }

    public Machine Machine { get; }

    /// <summary>Cycles, counters, layers, trace and trap of the program; the same for all inputs.</summary>
    public TimingResult Timing { get; }

    /// <summary>Products that strips were joined to; for tests and tuning.</summary>
    public int Products => _functional.Products;

    /// <summary>The vector level of the kernel that each product runs on; for tests.</summary>
    public IReadOnlyList<SimdLevel> ProductLevels => [.. _functional.ProductLevels];

    /// <summary>Runs one sample.</summary>
    /// <param name="inputs">Dense bytes of each input of the program, in its order (<see cref="PlacedTensor"/>).</param>
    /// <exception cref="HilException">Inputs of other sizes, or a program that was not verified.</exception>
    public EmulatorResult Run(IReadOnlyList<ReadOnlyMemory<byte>> inputs, RunRequest? request = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        request ??= RunRequest.OutputsOnly;
        if (inputs.Count != _program.Inputs.Count)
        {
            throw new HilException(
                ExitKind.BadInput, $"{inputs.Count} inputs were given for {_program.Inputs.Count}.", _program.Name,
                "Give one for each input of the program.");
        }

        if (request.AfterInstruction is not null && _options.Fuse)
            throw new ArgumentException("Fused instructions are not executed one by one.", nameof(request));
        if (_idleStates.TryTake(out DeviceState? state)) state.Reset();
        else state = new DeviceState(Machine, _program, _options, _initial);
        for (int n = 0; n < inputs.Count; n++) PlacedTensor.Write(state, _program.Inputs[n], inputs[n].Span);
        _functional.Run(state, request);
        byte[][] outputs = _program.Outputs.Select(place => PlacedTensor.Read(state, place)).ToArray();
        if (request.KeepState) return new EmulatorResult(outputs, state);
        _idleStates.Add(state);
        return new EmulatorResult(outputs, null);
    }
}
