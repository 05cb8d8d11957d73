using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Emulator.Functional;

namespace Hil.Emulator.Tests;

/// <summary>Strips that are held back run before a layer ends, before the program does, and never behind a trap.</summary>
public sealed class JoinedStripsKeepTheirPlace
{
    private static readonly Machine Machine = TestMachines.WorkedExample;
    private static readonly Instruction Stop = Code.Of(End.Definition);

    // Of the three instructions of the parameters, weights and two strips with outputs at one place.
    private const int Output = 512;
    private static readonly TensorPlace Place = new("y", Space.Scratchpad, Output, 0, 4, 2, 4, ElementType.Int8, 1, 0, 0);

    [Fact]
    public void Each_layer_shows_its_own_output_at_the_place_of_both()
    {
        ProgramLayer[] layers = [new("first", "test", 0, 4, 0, 0), new("second", "test", 4, 3, 0, 0)];
        ProgramImage program = Program([.. Strip(0), .. Strip(64)[2..], Stop], layers) with { Observables = [Place, Place with { Layer = 1 }] };
        (byte[][] alone, byte[][] joined) = (Shown(program, false), Shown(program, true));
        Assert.Equal(2, joined.Length);
        Assert.Equal(alone, joined);
        Assert.NotEqual(alone[0], alone[1]);
    }

    [Fact]
    public void A_program_of_no_layer_gives_its_output()
    {
        ProgramImage program = Program([.. Strip(0), Stop], []) with { Outputs = [Place] };
        byte[] alone = new EmulatorEngine(Machine, program, new EmulatorOptions { Fuse = false }).Run([]).Outputs[0];
        Assert.Contains(alone, b => b != 0);
        Assert.Equal(alone, new EmulatorEngine(Machine, program).Run([]).Outputs[0]);
    }

    [Fact]
    public void Nothing_behind_a_trap_runs()
    {
        var illegal = new Instruction((UInt128)63);
        ProgramImage program = Program([.. Strip(0), illegal, .. Strip(64), Code.Of(LoadTable.Definition, (LoadTable.Main, TestMachines.DataBase)), Stop], []);
        var keep = new RunRequest(KeepState: true);
        var joined = new EmulatorEngine(Machine, program);
        Assert.Equal(TrapReason.IllegalOpcode, joined.Timing.Trap.Reason);
        DeviceState state = joined.Run([], keep).FinalState!;
        JoinedProducts.AssertSame("trapped", new EmulatorEngine(Machine, program, new EmulatorOptions { Fuse = false }).Run([], keep).FinalState!, state);
        Assert.Equal(new InitialMemories(Machine, EmulatorOptions.Default.PoisonSeed).Tables, state.Tables);
    }

    private static byte[][] Shown(ProgramImage program, bool fuse)
    {
        var seen = new List<byte[]>();
        new EmulatorEngine(Machine, program, new EmulatorOptions { Fuse = fuse }).Run([], new RunRequest(Observe: (_, bytes) => seen.Add(bytes.ToArray())));
        return [.. seen];
    }

    // Parameters, weights, a COMPUTE and its REQUANTIZE.
    private static Instruction[] Strip(int source) =>
    [
        Code.Of(LoadParameters.Definition, (LoadParameters.Main, TestMachines.DataBase), (LoadParameters.Count, 4)),
        Code.Of(LoadWeights.Definition, (LoadWeights.Main, TestMachines.DataBase + 64), (LoadWeights.Tiles, 1)),
        Code.Of(Compute.Definition, (Compute.Source, source), (Compute.Stride, 1), (Compute.Rows, 4), (Compute.Tiles, 1)),
        Code.Of(Requantize.Definition, (Requantize.Output, Output), (Requantize.Stride, 1), (Requantize.Rows, 4), (Requantize.Columns, 2), (Requantize.Shift, 24)),
    ];

    private static ProgramImage Program(IReadOnlyList<Instruction> code, IReadOnlyList<ProgramLayer> layers)
    {
        var data = new byte[512];
        for (int n = 0; n < data.Length; n++) data[n] = (byte)(n * 37 % 256);
        for (int n = 0; n < 4; n++) BitConverter.TryWriteBytes(data.AsSpan(8 * n), 40000L << 32);
        BitConverter.TryWriteBytes(data.AsSpan(64), (ushort)0);
        return TestMachines.Program(code, data, layers: layers);
    }
}
