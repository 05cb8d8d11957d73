using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Hil.Contract.Programs;
using Hil.Contract.Verification;

namespace Hil.Contract.Tests.Programs;

public sealed class ProgramFilesAreReadStrictly
{
    private static readonly byte[] Good = ProgramFile.Write(SamplePrograms.Product());

    [Fact]
    public void What_was_written_is_read_back_and_gives_the_same_bytes()
    {
        ProgramImage read = ProgramFile.Read(Good, "test.hilp");

        Assert.Equal(Good, ProgramFile.Write(read));
        Assert.Equivalent(SamplePrograms.Product(), read, strict: true);
        Assert.Equal("x", read.Inputs[0].Name);
        Assert.Equal(Contract.Isa.Opcode.End, read[4].Opcode);
    }

    [Fact]
    public void The_sample_leaves_no_number_of_a_nest_at_its_default_so_that_a_forgotten_one_is_noticed()
    {
        Stage stage = SamplePrograms.Product().Nests[0].Stages[0];
        object[] parts = [stage.Steps[0], stage.Entry[0]];
        foreach (object part in parts)
        {
            // Later and Earlier of a single step, and the kind, cannot but be what they are.
            IEnumerable<string> atDefault = part.GetType().GetProperties()
                .Where(p => p.PropertyType.IsPrimitive && p.GetValue(part)!.Equals(Activator.CreateInstance(p.PropertyType)))
                .Select(p => p.Name);
            Assert.Empty(atDefault.Except([nameof(EntryWait.Later)]));
        }
    }

    [Fact]
    public void The_order_of_metadata_does_not_change_the_bytes()
    {
        byte[] one = ProgramFile.Write(SamplePrograms.Product(new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" }));
        byte[] two = ProgramFile.Write(SamplePrograms.Product(new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" }));

        Assert.Equal(one, two);
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        for (int length = 0; length < Good.Length; length += 3)
            Assert.Equal(ExitKind.BadInput, Assert.Throws<HilException>(() => ProgramFile.Read(Good.AsMemory(0, length), "cut")).Kind);
    }

    [Fact]
    public void Every_flipped_bit_is_noticed_by_the_checksum()
    {
        for (int bit = 0; bit < Good.Length * 8; bit += 11)
        {
            byte[] bad = Flip(Good, bit);
            Assert.Throws<HilException>(() => ProgramFile.Read(bad, "flipped"));
        }
    }

    [Fact]
    public void A_flipped_bit_under_a_right_checksum_gives_an_error_or_a_verdict()
    {
        int errors = 0;
        int legal = 0;
        int illegal = 0;
        for (int bit = 0; bit < (Good.Length - 32) * 8; bit += 5)
        {
            try
            {
                ProgramImage program = ProgramFile.Read(Rehash(Flip(Good, bit)), "flipped");
                if (Verifier.Verify(program, SamplePrograms.Icebreaker).Count == 0) legal++;
                else illegal++;
            }
            catch (HilException e)
            {
                Assert.Equal(ExitKind.BadInput, e.Kind);
                errors++;
            }
        }

        Assert.True(errors > 100 && legal > 10 && illegal > 10, $"{errors} errors, {legal} legal, {illegal} illegal");
    }

    [Theory]
    [InlineData(12, uint.MaxValue)]
    [InlineData(16, uint.MaxValue)]
    [InlineData(12, 0x7FFFFFFFu)]
    [InlineData(16, 0x40000000u)]
    [InlineData(12, 0u)]
    [InlineData(8, 2u)]
    public void Hostile_sizes_are_refused_before_anything_is_allocated(int at, uint value)
    {
        byte[] bad = [.. Good];
        BinaryPrimitives.WriteUInt32LittleEndian(bad.AsSpan(at), value);

        Assert.Throws<HilException>(() => ProgramFile.Read(Rehash(bad), "hostile"));
    }

    [Theory]
    [InlineData("entry", "8", "multiple of 16")]
    [InlineData("entry", "100000", "do not lie in the image")]
    [InlineData("entry", "4294967280", "do not lie in the image")]
    [InlineData("imageBase", "4294967295", "beyond main memory")]
    [InlineData("instructionCount", "6", "do not lie in the image")]
    [InlineData("instructionCount", "0", "1 to")]
    [InlineData("instructionCount", "4", "cover|instructionCount is 5")]
    [InlineData("machineHash", "\"AB\"", "64 lower-case")]
    [InlineData("layers", "[]", "1 to")]
    [InlineData("layers.0.firstInstruction", "1", "consecutive")]
    [InlineData("layers.0.instructionCount", "3", "cover 3 instructions of 5")]
    [InlineData("nests.0.layer", "1", "0 to 0")]
    [InlineData("nests.0.stages.0.serial.0.later", "1", "0 to 0")]
    [InlineData("nests.0.stages.0.steps.0.banks", "[99]", "whole number of -1 to 63")]
    [InlineData("nests.0.stages.0.steps.0.kind", "\"mul\"", "must be one of")]
    [InlineData("nests.0.stages.0.steps.0.sizes", "[1, 2, 3]", "a size has 4")]
    [InlineData("nests.0.stages.0.steps.0.sizes", "[1, 1, 10, 0]", "lists none or 3")]
    [InlineData("inputs.0.scale", "-1", "0 to")]
    [InlineData("inputs.0.rows", "0", "1 to")]
    [InlineData("inputs.0.strideBytes", "7", "a row has 8 bytes")]
    [InlineData("inputs.0.layer", "1", "-1 to 0")]
    [InlineData("metadata.x", "3", "not a text")]
    [InlineData("extra", "3", "not a key")]
    [InlineData("machineHash", "\"ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ\"", "64 lower-case")]
    [InlineData("inputs.0.type", "\"int16\"", "a row has 16 bytes")]
    [InlineData("inputs.0.scale", "\"1\"", "a text, not a number")]
    [InlineData("inputs.0.scale", "1e999", "not a number")]
    [InlineData("inputs", "3", "the number 3, not a list")]
    [InlineData("layers", "null", "null, not a list")]
    [InlineData("metadata", "[]", "a list, not an object")]
    [InlineData("nests.0.stages.0.steps.0.accumulate", "1", "not true or false")]
    [InlineData("name", "true", "true or false, not a text")]
    public void A_header_that_lies_is_refused_by_name(string path, string value, string says)
    {
        byte[] bad = WithHeader(json =>
        {
            string[] parts = path.Split('.');
            JsonNode node = json;
            foreach (string part in parts[..^1]) node = node is JsonArray list ? list[int.Parse(part)]! : node[part]!;
            node[parts[^1]] = JsonNode.Parse(value);
        });

        HilException e = Assert.Throws<HilException>(() => ProgramFile.Read(bad, "lying"));

        Assert.Equal(ExitKind.BadInput, e.Kind);
        Assert.Matches(says, e.What);
    }

    [Fact]
    public void Saving_leaves_the_whole_file_and_nothing_else()
    {
        string folder = Directory.CreateTempSubdirectory("hil-program").FullName;
        try
        {
            string path = Path.Combine(folder, "p.hilp");
            ProgramFile.Save(SamplePrograms.Product(), path);
            ProgramFile.Save(SamplePrograms.Product(), path);

            Assert.Equal(Good, File.ReadAllBytes(path));
            Assert.Equal(Good, ProgramFile.Write(ProgramFile.Load(path)));
            Assert.Equal([path], Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_folder_that_is_not_there_takes_no_program_and_leaves_nothing() =>
        Assert.Equal(
            ExitKind.BadInput, Assert.Throws<HilException>(() => ProgramFile.Save(SamplePrograms.Product(), "/nowhere/p.hilp")).Kind);

    [Fact]
    public void Too_many_entries_or_too_long_a_text_are_refused()
    {
        byte[] many = WithHeader(json =>
        {
            for (int i = 0; i < 300; i++) json["metadata"]![$"k{i}"] = "v";
        });
        byte[] longText = WithHeader(json => json["name"] = new string('x', 5000));

        Assert.Contains("more than", Assert.Throws<HilException>(() => ProgramFile.Read(many, "many")).What, StringComparison.Ordinal);
        Assert.Contains("5000 characters", Assert.Throws<HilException>(() => ProgramFile.Read(longText, "long")).What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_too_long_is_refused_before_it_is_read()
    {
        string path = Path.GetTempFileName();
        try
        {
            // A sparse file: its length costs nothing.
            using (FileStream stream = File.OpenWrite(path)) stream.SetLength(1L << 31);

            Assert.Contains("too long", Assert.Throws<HilException>(() => ProgramFile.Load(path)).What, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_file_that_is_not_there_is_bad_input() =>
        Assert.Equal(ExitKind.BadInput, Assert.Throws<HilException>(() => ProgramFile.Load("/nowhere/p.hilp")).Kind);

    internal static byte[] WithHeader(Action<JsonNode> change)
    {
        int length = (int)BinaryPrimitives.ReadUInt32LittleEndian(Good.AsSpan(12));
        JsonNode json = JsonNode.Parse(Good.AsSpan(20, length))!;
        change(json);
        byte[] header = Encoding.UTF8.GetBytes(json.ToJsonString());
        byte[] prefix = Good[..20];
        BinaryPrimitives.WriteUInt32LittleEndian(prefix.AsSpan(12), (uint)header.Length);
        return Rehash([.. prefix, .. header, .. Good[(20 + length)..]]);
    }

    private static byte[] Flip(byte[] bytes, int bit)
    {
        byte[] flipped = [.. bytes];
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }

    private static byte[] Rehash(byte[] file)
    {
        SHA256.HashData(file.AsSpan(0, file.Length - 32), file.AsSpan(file.Length - 32));
        return file;
    }
}
