using Hil.Contract;
using Hil.Contract.Isa;
using Hil.Contract.Programs;
using Hil.Emulator.Functional;

namespace Hil.Emulator.Tests;

/// <summary>What the host gives and gets, in both memories, of every type, by rows that lie a stride apart.</summary>
public sealed class TensorsLieWhereTheProgramSays
{
    private const int Rows = 3;
    private const int Stride = 48;
    private static readonly Instruction Stop = Code.Of(End.Definition);

    public static TheoryData<Space, ElementType, int> Places() => new()
    {
        { Space.Scratchpad, ElementType.Int8, 1024 }, { Space.Scratchpad, ElementType.Int16, 1024 }, { Space.Scratchpad, ElementType.Wide15, 1024 },
        // The second row crosses a page of main memory that is written, and lies partly behind the image.
        { Space.Main, ElementType.Int8, TestMachines.DataBase + 4096 - Stride - 3 }, { Space.Main, ElementType.Int16, TestMachines.DataBase + 4096 - Stride - 3 },
        { Space.Main, ElementType.Wide15, TestMachines.DataBase + 4096 - Stride - 3 },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void An_input_is_written_row_by_row_and_read_back(Space space, ElementType type, int address)
    {
        TensorPlace place = Place("x", space, type, address);
        byte[] given = [.. Enumerable.Range(1, PlacedTensor.DenseBytes(place)).Select(n => (byte)n)];
        ProgramImage program = TestMachines.Program([Stop], new byte[4096], [place], [place]);
        var engine = new EmulatorEngine(TestMachines.WorkedExample, program);

        EmulatorResult result = engine.Run([given], new RunRequest(KeepState: true));

        Assert.Equal(given, result.Outputs[0]);
        int row = type == ElementType.Int16 ? 10 : 5;
        DeviceState fresh = Fresh(program);
        for (int plane = 0; plane < (type == ElementType.Wide15 ? 2 : 1); plane++)
        {
            for (int m = 0; m < Rows; m++)
            {
                long at = (plane == 0 ? place.Address : place.SecondAddress) + ((long)m * Stride);
                Assert.Equal(given[(((plane * Rows) + m) * row)..((((plane * Rows) + m) * row) + row)], Bytes(result.FinalState!, space, at, row));

                // What lies between the rows is as it was.
                Assert.Equal(Bytes(fresh, space, at + row, Stride - row), Bytes(result.FinalState!, space, at + row, Stride - row));
            }
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void An_input_of_another_size_is_refused_by_name(int more)
    {
        TensorPlace place = Place("the input", Space.Scratchpad, ElementType.Int16, 1024);
        var engine = new EmulatorEngine(TestMachines.WorkedExample, TestMachines.Program([Stop], null, [place]));
        HilException refusal = Assert.Throws<HilException>(() => engine.Run([new byte[30 + more]]));
        Assert.Equal((ExitKind.BadInput, "tensor the input"), (refusal.Kind, refusal.Where));
        Assert.Contains($"{30 + more} bytes were given for 30", refusal.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_number_of_inputs_is_refused()
    {
        var engine = new EmulatorEngine(TestMachines.WorkedExample, TestMachines.Program([Stop], null, [Place("x", Space.Scratchpad, ElementType.Int8, 0)]));
        Assert.Equal(ExitKind.BadInput, Assert.Throws<HilException>(() => engine.Run([])).Kind);
        Assert.Equal(ExitKind.BadInput, Assert.Throws<HilException>(() => engine.Run([new byte[15], new byte[15]])).Kind);
    }

    [Fact]
    public void What_a_caller_must_give_is_asked_for()
    {
        ProgramImage program = TestMachines.Program([Stop]);
        Assert.Throws<ArgumentNullException>("machine", () => new EmulatorEngine(null!, program));
        Assert.Throws<ArgumentNullException>("program", () => new EmulatorEngine(TestMachines.WorkedExample, null!));
        Assert.Throws<ArgumentNullException>("inputs", () => new EmulatorEngine(TestMachines.WorkedExample, program).Run(null!));
        var initial = new InitialMemories(TestMachines.WorkedExample, 1);
        Assert.Throws<ArgumentNullException>("machine", () => new InitialMemories(null!, 1));
        Assert.Throws<ArgumentNullException>("machine", () => new DeviceState(null!, program, EmulatorOptions.Default, initial));
        Assert.Throws<ArgumentNullException>("initial", () => new DeviceState(TestMachines.WorkedExample, program, EmulatorOptions.Default, null!));
    }

    /// <summary>Each layer's tensors when the layer has ended, and no other's.</summary>
    [Fact]
    public void Tensors_are_shown_when_their_layer_has_ended()
    {
        Instruction Move(int from, int to) => Code.Of(
            Load.Definition, (Load.Main, TestMachines.DataBase + from), (Load.Scratch, to), (Load.Stride, 1), (Load.Rows, 1), (Load.RowWords, 4));
        TensorPlace At(string name, int layer) => new(name, Space.Scratchpad, 256, 0, 1, 16, 16, ElementType.Int8, 1, 0, layer);
        byte[] data = [.. Enumerable.Range(0, 64).Select(n => (byte)n)];
        ProgramImage program = TestMachines.Program(
            [Move(0, 256), Move(16, 512), Move(32, 256), Stop], data, layers: [new("first", "test", 0, 2, 0, 0), new("second", "test", 2, 2, 0, 0)])
            with { Observables = [At("a", 0), At("b", 1)] };
        foreach (bool fuse in new[] { true, false })
        {
            var seen = new List<(string, byte[])>();
            new EmulatorEngine(TestMachines.WorkedExample, program, new EmulatorOptions { Fuse = fuse })
                .Run([], new RunRequest(Observe: (place, bytes) => seen.Add((place.Name, bytes.ToArray()))));
            Assert.Equal(["a", "b"], seen.Select(s => s.Item1));
            Assert.Equal([.. data[..16], .. data[32..48]], seen.SelectMany(s => s.Item2));
        }
    }

    [Fact]
    public void Every_executed_instruction_is_shown_unless_they_are_fused()
    {
        ProgramImage program = TestMachines.Program([Code.Of(LoadTable.Definition, (LoadTable.Main, 65536)), Stop], new byte[256]);
        var seen = new List<int>();

        // END does nothing and is not asked for.
        var request = new RunRequest(AfterInstruction: (_, index) => seen.Add(index));
        new EmulatorEngine(TestMachines.WorkedExample, program, new EmulatorOptions { Fuse = false }).Run([], request);
        Assert.Equal([0], seen);
        Assert.Throws<ArgumentException>(() => new EmulatorEngine(TestMachines.WorkedExample, program).Run([], request));
    }

    [Fact]
    public void Main_memory_is_zero_around_the_image()
    {
        DeviceState state = Fresh(TestMachines.Program([Stop], [7]));
        foreach (bool isWritten in new[] { false, true })
        {
            byte[] read = [9, 9, 9];
            if (isWritten) state.Main.Write(1 << 20, [1]);
            state.Main.Read(TestMachines.DataBase, read);
            Assert.Equal([7, 0, 0], read);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_instruction_that_leaves_the_memories_is_named(bool fuse)
    {
        Instruction outside = Code.Of(Load.Definition, (Load.Main, 65536), (Load.Scratch, 131072 - 16), (Load.Stride, 8), (Load.Rows, 1), (Load.RowWords, 8));
        Instruction table = Code.Of(LoadTable.Definition, (LoadTable.Main, 65536));
        var engine = new EmulatorEngine(TestMachines.WorkedExample, TestMachines.Program([table, outside, Stop]), new EmulatorOptions { Fuse = fuse });
        HilException refusal = Assert.Throws<HilException>(() => engine.Run([]));
        Assert.Equal((ExitKind.BadInput, "instruction 1"), (refusal.Kind, refusal.Where));
        Assert.Contains("Load reaches outside the memories", refusal.What, StringComparison.Ordinal);
    }

    private static TensorPlace Place(string name, Space space, ElementType type, int address) =>
        new(name, space, address, address + (4 * Stride), Rows, 5, Stride, type, 1, 0, 0);

    private static DeviceState Fresh(ProgramImage program) =>
        new(TestMachines.WorkedExample, program, EmulatorOptions.Default, new InitialMemories(TestMachines.WorkedExample, EmulatorOptions.Default.PoisonSeed));

    private static byte[] Bytes(DeviceState state, Space space, long address, int count) =>
        space == Space.Main ? state.Main.Read(address, count) : state.Scratchpad.AsSpan((int)address, count).ToArray();
}
