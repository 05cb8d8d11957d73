using System.Text;

namespace Hil.Operators.Tests;

/// <summary>docs/onnx-operators.md: what is claimed and what is refused.</summary>
internal static class OperatorTable
{
    public static string Text(IReadOnlyList<NodeResult> results)
    {
        var text = new StringBuilder();
        text.Append(
            """
            # ONNX operators

            Generated; do not edit. `HIL_REGENERATE=1 dotnet test tests/host/Hil.Operators.Tests --filter TheOnnxNodeTests` writes it anew.

            ## Checked against ONNX Runtime

            Small models of our own, compiled for `icebreaker` and `arty-a7-100t` and run on the emulator: every tensor equals plain integers, the output is
            within the share of its largest value, Predict within its limits.

            | model | share |
            |---|---|

            """);
        foreach (var (model, bound) in ConvolutionsRunOnTheDevice.Names.Concat(ElementsRunOnTheDevice.Names).Concat(RearrangementsRunOnTheDevice.Names)
            .Concat(AttentionsRunOnTheDevice.Names).Concat(ProductsOfActivationsRunOnTheDevice.Names).Concat(GatesRunOnTheDevice.Names).Concat(QuantizedOperatorsRunOnTheDevice.Names))
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"| {model} | {bound:0.# %} |\n");
        }

        text.Append(
            """

            ## ONNX node tests: claimed

            The ONNX project's backend node tests (release 1.22). Inputs after the first are bound as constants, unless the test says otherwise; of a layer normalization the first output is
            meant, and elements of a quantized tensor count as the numbers that they mean. Each is compiled for `icebreaker`, run on the emulator, and within the
            share of the largest recorded value of what is recorded. Ranges are those of the test's own input.

            | test | operators | opset | types | layers | share |
            |---|---|---|---|---|---|

            """);
        foreach (var result in results.Where(r => r.Reason is null && !NodeClaims.Missed.ContainsKey(r.Test.Name)))
        {
            text.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"| {result.Test.Name} | {result.Test.Operators} | {result.Test.Opset} | {result.Test.Types} | {string.Join(", ", result.Layers)} | {NodeClaims.Bound(result.Test.Name):0.# %} |\n");
        }

        text.Append(
            """

            ## ONNX node tests: run, not claimed

            | test | why |
            |---|---|

            """);
        foreach (var (name, why) in NodeClaims.Missed)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"| {name} | {why} |\n");
        }

        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"""

            ## ONNX node tests: refused, of operators that are always read

            All tests of {string.Join(", ", NodeClaims.FixedList)} are claimed, but for those above and these. They stay refused:

            | test | why |
            |---|---|

            """);
        foreach (var (name, why) in NodeClaims.Declined)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"| {name} | {why} |\n");
        }

        text.Append(
            """

            ## ONNX node tests: refused

            | test | operators | opset | types | first reason |
            |---|---|---|---|---|

            """);
        foreach (var result in results.Where(r => r.Reason is not null))
        {
            text.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"| {result.Test.Name} | {Short(result.Test.Operators)} | {result.Test.Opset} | {result.Test.Types} | {result.Reason!.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }

        return text.ToString().ReplaceLineEndings("\n");
    }

    private static string Short(string operators) => operators.Length <= 40 ? operators : $"{operators.Count(c => c == ',') + 1} operators";
}
