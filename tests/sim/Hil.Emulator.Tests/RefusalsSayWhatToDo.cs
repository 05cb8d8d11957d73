using Hil.Contract;
using Hil.Contract.Isa;
using Hil.Contract.Programs;
using Hil.Emulator.Functional;
using Hil.Emulator.Timing;

namespace Hil.Emulator.Tests;

/// <summary>Whole texts: where, what is wrong, and what to do about it.</summary>
public sealed class RefusalsSayWhatToDo
{
    private static readonly Instruction Stop = Code.Of(End.Definition);
    private static readonly TensorPlace Input = new("x", Space.Scratchpad, 1024, 0, 3, 5, 48, ElementType.Int16, 1, 0, 0);

    [Fact]
    public void Another_number_of_inputs() => Says(
        ExitKind.BadInput, "test: 2 inputs were given for 1. Give one for each input of the program.", () => Engine([Stop], Input).Run([new byte[30], new byte[30]]));

    [Fact]
    public void An_input_of_another_size() => Says(
        ExitKind.BadInput, "tensor x: 29 bytes were given for 30. Give 3 rows of 5 elements of Int16.", () => Engine([Stop], Input).Run([new byte[29]]));

    [Fact]
    public void An_instruction_that_leaves_the_memories() => Says(
        ExitKind.BadInput, "instruction 0: Load reaches outside the memories of the machine. Verify the program before it runs.",
        () => Engine([Code.Of(Load.Definition, (Load.Scratch, 131072 - 16), (Load.Stride, 8), (Load.Rows, 1), (Load.RowWords, 8)), Stop]).Run([]));

    [Fact]
    public void Main_memory_that_is_not_there() => Says(
        ExitKind.BadInput,
        "program: An instruction touches 256 bytes at 0x1000000, where the machine test-4x2 has no memory. Compile it for this machine, and verify it.",
        () => TimedProgram.Region(TestMachines.WorkedExample, 1 << 24, 256));

    [Fact]
    public void A_vector_level_of_no_name() => Says(
        ExitKind.Usage, "HIL_SIMD: 'sse' is not a vector level. Use avx512, avx2, vector128 or scalar.", () => SimdLevels.Choose(null, "sse"));

    [Fact]
    public void What_is_not_for_a_caller_to_ask()
    {
        var each = new RunRequest(AfterInstruction: (_, _) => { });
        Assert.StartsWith("Fused instructions are not executed one by one.", Assert.Throws<ArgumentException>("request", () => Engine([Stop]).Run([], each)).Message, StringComparison.Ordinal);
        var rules = new TimingRules(TestMachines.WorkedExample, EmulatorMutation.None);
        Assert.StartsWith("Load has no fixed duration.", Assert.Throws<ArgumentException>("i", () => rules.Duration(Code.Of(Load.Definition))).Message, StringComparison.Ordinal);
    }

    /// <summary>The form check refuses it before: here it is executed all the same.</summary>
    [Fact]
    public void An_opcode_without_a_meaning()
    {
        ProgramImage program = TestMachines.Program([Stop]);
        var state = new DeviceState(TestMachines.WorkedExample, program, EmulatorOptions.Default, new InitialMemories(TestMachines.WorkedExample, 1));
        HilException refusal = Assert.Throws<HilException>(() => InstructionSteps.Execute(state, new Instruction(63), 7));
        Assert.Equal("instruction 7", refusal.Where);
        Assert.StartsWith("63 has no handler.", refusal.InnerException!.Message, StringComparison.Ordinal);
    }

    private static void Says(ExitKind kind, string text, Action refused)
    {
        HilException refusal = Assert.Throws<HilException>(refused);
        Assert.Equal((kind, text), (refusal.Kind, refusal.Message));
    }

    private static EmulatorEngine Engine(Instruction[] code, params TensorPlace[] inputs) => new(TestMachines.WorkedExample, TestMachines.Program(code, null, inputs));
}
