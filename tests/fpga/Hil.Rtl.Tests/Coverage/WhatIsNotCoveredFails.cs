namespace Hil.Rtl.Tests.Coverage;

/// <summary>The check of explanations can fail: with a fault planted in what it is given, it names it.</summary>
public sealed class WhatIsNotCoveredFails
{
    private const string Runs = "hil_a\tif\tif (a) b = c;";
    private const string Never = "hil_a\tcase\tdefault: ;";
    private const string Other = "hil_b\telse\tif (d) e = f;";

    private static readonly Covered[] Counts = [new("hil_a", Runs, false), new("hil_a", Runs, true), new("hil_a", Never, false), new("hil_b", Other, true)];

    [Fact]
    public void Nothing_is_wrong_where_each_is_covered_or_explained() => Assert.Empty(Explanations.Faults(Counts, Reasons($"{Never}\tIt cannot.")));

    [Fact]
    public void What_is_neither_covered_nor_explained_is_named() =>
        Assert.Equal([$"not covered, and not explained: {Never}"], Explanations.Faults(Counts, Reasons()));

    [Fact]
    public void What_is_explained_and_covered_is_named() =>
        Assert.Equal([$"explained, and covered after all: {Runs}"], Explanations.Faults(Counts, Reasons($"{Never}\tIt cannot.", $"{Runs}\tWrong.")));

    [Fact]
    public void What_is_explained_and_not_in_the_sources_any_more_is_named() =>
        Assert.Equal(["explained, and not there: hil_c\tif\tif (g) h = i;"], Explanations.Faults(Counts, Reasons($"{Never}\tIt cannot.", "hil_c\tif\tif (g) h = i;\tGone.")));

    [Fact]
    public void An_empty_reason_is_named() => Assert.Equal([$"without a reason: {Never}"], Explanations.Faults(Counts, Reasons($"{Never}\t ")));

    [Fact]
    public void A_share_of_the_runs_names_only_what_they_cover()
    {
        Assert.Empty(Explanations.Faults(Counts, Reasons(), isWhole: false));
        Assert.Equal([$"explained, and covered after all: {Other}"], Explanations.Faults(Counts, Reasons($"{Other}\tWrong."), isWhole: false));
    }

    [Theory]
    [InlineData("hil_a\tif\tno reason")]
    [InlineData("hil_a\tif\ta\tb\tmore than four parts")]
    public void A_line_with_other_parts_is_refused(string line) => Assert.Throws<InvalidDataException>(() => Reasons(line));

    [Fact]
    public void A_key_that_stands_twice_is_refused() => Assert.Throws<InvalidDataException>(() => Reasons($"{Never}\tOne.", $"{Never}\tTwo."));

    private static IReadOnlyDictionary<string, string> Reasons(params string[] lines) => Explanations.Read(["# a comment", .. lines]);
}
