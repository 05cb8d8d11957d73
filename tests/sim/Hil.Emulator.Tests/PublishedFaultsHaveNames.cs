namespace Hil.Emulator.Tests;

public sealed class PublishedFaultsHaveNames
{
    [Fact]
    public void Each_is_found_by_its_own() =>
        Assert.All(Enum.GetValues<EmulatorMutation>().Where(m => m != EmulatorMutation.None), m => Assert.Equal(m, EmulatorMutations.Parse(m.ToString())));

    [Theory]
    [InlineData("None")]
    [InlineData("3")]
    [InlineData("Nothing")]
    public void Another_is_refused(string name) => Assert.Contains(name, Assert.Throws<ArgumentException>(() => EmulatorMutations.Parse(name)).Message, StringComparison.Ordinal);

    [Fact]
    public void All_are_listed_but_none() =>
        Assert.Equal(Enum.GetNames<EmulatorMutation>().Where(n => n != nameof(EmulatorMutation.None)), EmulatorMutations.All);
}
