namespace Hil.Operators.Tests;

/// <summary>The ONNX project's node tests: the claimed ones run within their bounds, the others are refused with a reason, and the table says so.</summary>
public sealed class TheOnnxNodeTests
{
    private static readonly Lazy<IReadOnlyList<NodeResult>> Results = new(() =>
    [
        .. NodeTest.All().Values.SelectMany(t => t.Operators == "MatMul" ? [t, t.Fed()] : new[] { t }).OrderBy(t => t.Name, StringComparer.Ordinal).Select(NodeResult.Of),
    ]);

    [SkippableFact]
    public void Claimed_tests_are_within_their_bounds()
    {
        TestData.Folder("onnx-node-tests");
        var byName = Results.Value.ToDictionary(r => r.Test.Name);

        Assert.All(NodeClaims.All, name =>
        {
            Assert.Null(byName[name].Reason);
            Assert.InRange(byName[name].Error, 0, NodeClaims.Bound(name));
        });
    }

    [SkippableFact]
    public void All_others_are_refused()
    {
        TestData.Folder("onnx-node-tests");
        var claimed = NodeClaims.All.Concat(NodeClaims.Missed.Keys).ToHashSet();

        Assert.Empty(Results.Value.Where(r => r.Reason is null && !claimed.Contains(r.Test.Name)).Select(r => r.Test.Name));
    }

    [SkippableFact]
    public void What_is_refused_of_the_fixed_list_has_a_reason_that_stands()
    {
        TestData.Folder("onnx-node-tests");

        // A function of the list may also be spelt out.
        var refused = Results.Value.Where(r => r.Reason is not null
            && (NodeClaims.FixedList.Contains(r.Test.Operators) || r.Test.Name.StartsWith("test_layer_normalization", StringComparison.Ordinal) || r.Test.Name.StartsWith("test_softmax", StringComparison.Ordinal)));

        Assert.Equal(NodeClaims.Declined.Keys, refused.Select(r => r.Test.Name).Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public void What_misses_its_bound_is_named_and_misses_it()
    {
        TestData.Folder("onnx-node-tests");
        foreach (var result in Results.Value.Where(r => NodeClaims.Missed.ContainsKey(r.Test.Name)))
        {
            Assert.Null(result.Reason);
            Assert.True(result.Error > NodeClaims.Bound(result.Test.Name), $"{result.Test.Name} is within its bound: claim it");
        }
    }

    [SkippableFact]
    public void The_table_is_current()
    {
        TestData.Folder("onnx-node-tests");
        var text = OperatorTable.Text(Results.Value);
        var path = Path.Combine(Repository.Root, "docs", "onnx-operators.md");
        if (Environment.GetEnvironmentVariable("HIL_REGENERATE") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.True(File.Exists(path), $"{path} is missing: run with HIL_REGENERATE=1.");
        Assert.Equal(text, File.ReadAllText(path));
    }
}
