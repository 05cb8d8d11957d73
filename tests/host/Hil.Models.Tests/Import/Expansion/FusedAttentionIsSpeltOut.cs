using Hil.Models.Onnx;

namespace Hil.Models.Tests.Import.Expansion;

/// <summary>The three fused attentions (ONNX Runtime's two, and that of ONNX 23) give the same in plain operators; what they do not, is refused by name.</summary>
public sealed class FusedAttentionIsSpeltOut
{
    private const double Tolerance = 1e-5;
    private const int Rows = 5;
    private const int Keys = 7;
    private const int Width = 8;

    public static TheoryData<string> Names() => [.. Cases.Keys];

    public static TheoryData<string> RefusedNames() => [.. Refused.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_expansion_gives_what_ONNX_Runtime_gives(string name) => Assert.InRange(Cases[name]().Difference(), 0, Tolerance);

    [Theory]
    [MemberData(nameof(RefusedNames))]
    public void What_has_no_expansion_is_refused_by_name(string name) => Refused[name]().AssertRefused();

    private static readonly Dictionary<string, Func<FusedModel>> Cases = new()
    {
        ["Attention"] = () => Packed(),
        ["Attention, scale"] = () => Packed(attributes: ("scale", 0.3f)),
        ["Attention, scale 0 is none"] = () => Packed(attributes: ("scale", 0f)),
        ["Attention, negative scale"] = () => Packed(attributes: ("scale", -0.3f)),
        ["Attention, causal"] = () => Packed(attributes: ("unidirectional", 1)),
        ["Attention, a mask a key"] = () => Packed(mask: m => Ints(m, [1, Rows], 1, 1, 0, 1, 0)),
        ["Attention, a number of keys"] = () => Packed(mask: m => Ints(m, [1], 3)),
        ["Attention, causal, masked, its filter value"] = () => Packed(mask: m => Ints(m, [1, Rows], 1, 1, 1, 1, 0), attributes: [("unidirectional", 1), ("mask_filter_value", -3e4f)]),
        ["Attention, wide values"] = () => Packed(16, sizes: [Width, Width, 16]),
        ["Attention, something added"] = () => Packed(added: [1, 2, Rows, Rows]),
        ["Attention, one bias for all heads added"] = () => Packed(added: [1, 1, Rows, Rows]),
        ["MultiHeadAttention"] = () => MultiHead(),
        ["MultiHeadAttention, scale"] = () => MultiHead(attributes: ("scale", 0.7f)),
        ["MultiHeadAttention, bias"] = () => MultiHead(bias: 3 * Width),
        ["MultiHeadAttention, bias of wide values"] = () => MultiHead(wide: 12, bias: (2 * Width) + 12),
        ["MultiHeadAttention, wide values"] = () => MultiHead(wide: 12),
        ["MultiHeadAttention, a mask a key"] = () => MultiHead(mask: m => Ints(m, [1, Keys], 1, 1, 0, 1, 0, 1, 1)),
        ["MultiHeadAttention, a number of keys"] = () => MultiHead(mask: m => Ints(m, [1], 4)),
        ["MultiHeadAttention, something added"] = () => MultiHead(added: [1, 2, Rows, Keys]),
        ["MultiHeadAttention, causal"] = () => MultiHead(keys: Rows, attributes: ("unidirectional", 1)),
        ["MultiHeadAttention, keys behind a linear layer"] = () => MultiHead(isComputed: true),
        ["Attention-23, three axes"] = () => Standard(),
        ["Attention-23, three axes, wide values"] = () => Standard(wide: 12),
        ["Attention-23, four axes"] = () => Standard(isFour: true),
        ["Attention-23, four axes, one head of keys"] = () => Standard(isFour: true, keyHeads: 1),
        ["Attention-23, scale"] = () => Standard(attributes: ("scale", 0.3f)),
        ["Attention-23, causal, more keys than queries"] = () => Standard(attributes: ("is_causal", 1)),
        ["Attention-23, causal, fewer keys than queries"] = () => Standard(keys: 3, attributes: ("is_causal", 1)),
        ["Attention-23, additive mask of two axes"] = () => Standard(mask: m => m.Input("mask", Rows, Keys)),
        ["Attention-23, additive mask of four axes"] = () => Standard(mask: m => m.Input("mask", 1, 2, Rows, Keys)),
        ["Attention-23, mask of truth values"] = () => Standard(mask: m => m.Input("mask", TensorData.Bool, [Rows, Keys], [.. Enumerable.Range(0, Rows * Keys).Select(i => i % 3 == 0 ? 0f : 1)])),
        ["Attention-23, computed truth values"] = () => Standard(mask: m => m.Tiny.Node("Greater", [m.Input("mask", Rows, Keys), m.Tiny.Number(-0.6)])),
        ["Attention-23, causal and masked"] = () => Standard(keys: Rows, mask: m => m.Input("mask", Rows, Rows), attributes: ("is_causal", 1)),
    };

    private static readonly Dictionary<string, Func<FusedModel>> Refused = new()
    {
        ["Attention, left padding"] = () => Packed(mask: m => Ints(m, [2], 4, 1)),
        ["Attention, a mask a query"] = () => Packed(mask: m => Ints(m, [1, Rows, Rows], [.. Enumerable.Repeat(1f, Rows * Rows)])),
        ["Attention, masked keys only damped"] = () => Packed(mask: m => Ints(m, [1, Rows], 1, 1, 0, 1, 0), attributes: ("mask_filter_value", -2f)),
        ["Attention, present keys given"] = () => Packed(more: ["present"]),
        ["Attention, rotary"] = () => Packed(attributes: ("do_rotary", 1)),
        ["Attention, queries and keys of unlike size"] = () => Packed(8, sizes: [Width, 4, 12]),
        ["MultiHeadAttention, packed queries, keys and values"] = () => Of("MultiHeadAttention", 0, m => ["x"], ("num_heads", 2)),
        ["MultiHeadAttention, keys by heads"] = () => Of("MultiHeadAttention", 0, m => ["x", m.Input("k", 1, 2, Keys, 4), m.Input("v", 1, 2, Keys, 4)], ("num_heads", 2)),
        ["MultiHeadAttention, a cache"] = () => Of(
            "MultiHeadAttention", 0, m => ["x", m.Input("k", 1, Keys, Width), m.Input("v", 1, Keys, Width), "", "", "", m.Input("pk", 1, 2, 3, 4), m.Input("pv", 1, 2, 3, 4)], ("num_heads", 2)),
        ["Attention-23, grouped queries"] = () => Standard(keyHeads: 1),
        ["Attention-23, soft cap"] = () => Standard(attributes: ("softcap", 2f)),
        ["Attention-23, a cache"] = () => Of(
            "Attention", 23, m => ["x", m.Input("k", 1, Keys, Width), m.Input("v", 1, Keys, Width), "", m.Input("pk", 1, 2, 3, 4), m.Input("pv", 1, 2, 3, 4)],
            ("q_num_heads", 2), ("kv_num_heads", 2)),
    };

    private static FusedModel Of(string op, long opset, Func<FusedModel, string[]> inputs, params (string, object)[] attributes)
    {
        var m = new FusedModel(1, Rows, Width);
        return m.Fused(op, inputs(m), [], opset, attributes);
    }

    private static string Ints(FusedModel m, long[] shape, params float[] values) => m.Input("mask", TensorData.Int32, shape, values);

    private static FusedModel Packed(
        int wide = Width, Func<FusedModel, string>? mask = null, long[]? sizes = null, long[]? added = null, string[]? more = null, params (string, object)[] attributes)
    {
        var m = new FusedModel(1, Rows, Width);
        var columns = sizes?.Sum() ?? 3 * wide;
        string[] inputs = ["x", m.Constant(Width, columns), m.Constant(columns), mask?.Invoke(m) ?? "", "", added is null ? "" : m.Input("added", added)];
        var last = Array.FindLastIndex(inputs, i => i.Length > 0);
        return m.Fused(
            "Attention", inputs[..(last + 1)], more ?? [], 0,
            [("num_heads", 2), .. sizes is null ? [] : new (string, object)[] { ("qkv_hidden_sizes", sizes) }, .. attributes]);
    }

    private static FusedModel MultiHead(
        int keys = Keys, int wide = Width, int bias = 0, Func<FusedModel, string>? mask = null, long[]? added = null, bool isComputed = false, params (string, object)[] attributes)
    {
        var m = new FusedModel(1, Rows, Width);
        var key = m.Input("k", 1, keys, Width);
        key = isComputed ? m.Tiny.Node("Concat", [m.Tiny.Node("MatMul", [key, m.Constant(Width, Width / 2)]), m.Tiny.Node("MatMul", [key, m.Constant(Width, Width / 2)])], ("axis", 2)) : key;
        string[] inputs =
        [
            "x", key, m.Input("v", 1, keys, wide), bias == 0 ? "" : m.Constant(bias), mask?.Invoke(m) ?? "", added is null ? "" : m.Input("added", added),
        ];
        var last = Array.FindLastIndex(inputs, i => i.Length > 0);
        return m.Fused("MultiHeadAttention", inputs[..(last + 1)], [("num_heads", 2), .. attributes]);
    }

    private static FusedModel Standard(
        int keys = Keys, int wide = Width, int keyHeads = 2, bool isFour = false, Func<FusedModel, string>? mask = null, params (string, object)[] attributes)
    {
        var m = isFour ? new FusedModel(1, 2, Rows, 4) : new FusedModel(1, Rows, Width);
        var (key, value) = isFour
            ? (m.Input("k", 1, keyHeads, keys, 4), m.Input("v", 1, keyHeads, keys, 4))
            : (m.Input("k", 1, keys, Width / 2 * keyHeads), m.Input("v", 1, keys, wide / 2 * keyHeads));
        string[] inputs = mask is null ? ["x", key, value] : ["x", key, value, mask(m)];
        return m.Fused("Attention", inputs, [], 23, [.. isFour ? [] : new (string, object)[] { ("q_num_heads", 2), ("kv_num_heads", keyHeads) }, .. attributes]);
    }
}
