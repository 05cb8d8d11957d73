using System.Text;
using Hil.Contract.Json;

namespace Hil.Contract.Tests.Json;

public sealed class ObjectsAreReadStrictly
{
    private static T Read<T>(string json, Func<StrictObject, T> read) => StrictObject.Read(Encoding.UTF8.GetBytes(json), "a.json", o =>
    {
        T value = read(o);
        o.Done();
        return value;
    });

    private static string Refused<T>(string json, Func<StrictObject, T> read)
    {
        var error = Assert.Throws<HilException>(() => Read(json, read));
        Assert.Equal((ExitKind.BadInput, "a.json"), (error.Kind, error.Where[..6]));
        return error.What;
    }

    [Fact]
    public void Texts_of_a_list()
    {
        Assert.Equal(["a", ""], Read("""{"x": ["a", ""]}""", o => o.Strings("x", 2, 1)));
        Assert.Contains("x[1]", Refused("""{"x": ["a", 1]}""", o => o.Strings("x", 2)), StringComparison.Ordinal);
        Assert.Contains("at most 2 characters", Refused("""{"x": ["abc"]}""", o => o.Strings("x", 2, 2)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("\"1\"")]
    [InlineData("0")]
    [InlineData("8")]
    [InlineData("99999999999")]
    public void Whole_numbers_of_a_list(string wrong)
    {
        Assert.Equal([1, 7], Read("""{"x": [1, 7]}""", o => o.Wholes("x", 2, 1, 7)));
        Assert.Contains("x[1]", Refused($$"""{"x": [1, {{wrong}}]}""", o => o.Wholes("x", 2, 1, 7)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.5")]
    [InlineData("2.5")]
    [InlineData("1e999")]
    [InlineData("true")]
    public void Numbers_within_their_range(string wrong)
    {
        Assert.Equal(1.5, Read("""{"x": 1.5}""", o => o.Real("x", 1, 2)));
        Assert.Contains("x", Refused($$"""{"x": {{wrong}}}""", o => o.Real("x", 1, 2)), StringComparison.Ordinal);
    }
}
