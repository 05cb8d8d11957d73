namespace Hil.Operators.Tests;

/// <summary>The node tests that are claimed, and how far from the recorded outputs they may be, as a share of the largest recorded value.</summary>
internal static class NodeClaims
{
    /// <summary>Half a step of 8 bits.</summary>
    private const double Linear = 0.005;

    /// <summary>Half a step of an argument of 8 bits, where the function is steep, and half a step of the result.</summary>
    private const double Table = 0.02;

    /// <summary>Half a step of an argument of 8 bits, divided by what the row came to, and half a step of the result.</summary>
    private const double Normalized = 0.01;

    /// <summary>One step of 8 bits: weights with a zero point need more and are rounded again, and −128 is no element of an activation.</summary>
    private const double Element = 0.01;

    /// <summary>Both factors are activations: half a step of 8 bits of each.</summary>
    private const double TwoActivations = 0.02;

    private static readonly string[] NormalizedTests =
    [
        "test_rms_normalization_2d_axis1_expanded", "test_rms_normalization_2d_axis_negative_1_expanded",
        "test_rms_normalization_3d_axis2_epsilon_expanded", "test_rms_normalization_3d_axis_negative_1_epsilon_expanded",
        "test_rms_normalization_4d_axis3_expanded", "test_rms_normalization_4d_axis_negative_1_expanded", "test_rms_normalization_default_axis_expanded",
        "test_softmax_axis_0_expanded_ver18", "test_softmax_axis_1_expanded", "test_softmax_axis_2_expanded_ver18", "test_softmax_default_axis_expanded",
        "test_softmax_example_expanded_ver18", "test_softmax_negative_axis_expanded_ver18",
        "test_layer_normalization_2d_axis0", "test_layer_normalization_3d_axis0_epsilon", "test_layer_normalization_3d_axis_negative_2_epsilon",
        "test_layer_normalization_4d_axis0", "test_layer_normalization_4d_axis2", "test_layer_normalization_4d_axis_negative_3",
        "test_layer_normalization_2d_axis0_expanded_ver18", "test_layer_normalization_2d_axis1_expanded", "test_layer_normalization_2d_axis_negative_1_expanded_ver18",
        "test_layer_normalization_2d_axis_negative_2_expanded", "test_layer_normalization_3d_axis0_epsilon_expanded_ver18",
        "test_layer_normalization_3d_axis1_epsilon_expanded", "test_layer_normalization_3d_axis2_epsilon_expanded_ver18",
        "test_layer_normalization_3d_axis_negative_1_epsilon_expanded", "test_layer_normalization_3d_axis_negative_2_epsilon_expanded_ver18",
        "test_layer_normalization_3d_axis_negative_3_epsilon_expanded", "test_layer_normalization_4d_axis0_expanded_ver18",
        "test_layer_normalization_4d_axis1_expanded", "test_layer_normalization_4d_axis2_expanded_ver18", "test_layer_normalization_4d_axis3_expanded",
        "test_layer_normalization_4d_axis_negative_1_expanded_ver18", "test_layer_normalization_4d_axis_negative_2_expanded",
        "test_layer_normalization_4d_axis_negative_3_expanded_ver18", "test_layer_normalization_4d_axis_negative_4_expanded",
        "test_layer_normalization_default_axis_expanded_ver18",
    ];

    private static readonly string[] LinearTests =
    [
        "test_add", "test_basic_conv_with_padding", "test_batchnorm_epsilon", "test_batchnorm_example",
        "test_clip_default_inbounds_expanded", "test_concat_1d_axis_0", "test_concat_2d_axis_0", "test_concat_2d_axis_negative_1",
        "test_concat_3d_axis_0", "test_concat_3d_axis_2", "test_concat_3d_axis_negative_2", "test_conv_with_autopad_same",
        "test_conv_with_strides_no_padding", "test_div_bcast", "test_expand_dim_changed", "test_flatten_axis0", "test_flatten_axis2",
        "test_flatten_default_axis", "test_flatten_negative_axis2", "test_flatten_negative_axis4", "test_gather_1",
        "test_gemm_all_attributes", "test_gemm_beta", "test_gemm_default_no_bias", "test_gemm_default_single_elem_vector_bias",
        "test_gemm_default_zero_bias", "test_gemm_transposeB", "test_globalaveragepool_precomputed", "test_matmul_4d_1d",
        "test_mul_bcast", "test_reduce_mean_default_axes_keepdims_random", "test_reduce_mean_do_not_keepdims_random",
        "test_reduce_mean_keepdims_random", "test_reduce_mean_negative_axes_keepdims_random", "test_reshape_extended_dims",
        "test_reshape_negative_extended_dims", "test_reshape_reduced_dims", "test_reshape_reordered_last_dims", "test_reshape_zero_dim",
        "test_slice_default_steps", "test_slice_neg", "test_slice_negative_axes", "test_split_2d_uneven_split_opset18",
        "test_split_equal_parts_1d_opset18", "test_split_equal_parts_2d_opset13", "test_split_equal_parts_default_axis_opset18",
        "test_split_variable_parts_1d_opset13", "test_split_variable_parts_2d_opset13", "test_split_variable_parts_default_axis_opset13",
        "test_squeeze", "test_sub", "test_sub_example", "test_transpose_all_permutations_1", "test_transpose_all_permutations_3",
        "test_transpose_all_permutations_5", "test_unsqueeze_axis_0", "test_unsqueeze_axis_2", "test_unsqueeze_three_axes",
        "test_unsqueeze_unsorted_axes",
        "test_layer_normalization_2d_axis_negative_1", "test_layer_normalization_3d_axis2_epsilon", "test_layer_normalization_4d_axis_negative_1",
        "test_layer_normalization_default_axis",
        "test_matmul_3d", "test_matmulinteger", "test_convinteger_with_padding", "test_qlinearconv",
        "test_dequantizelinear_uint16", "test_quantizelinear_axis",
        "test_div_int8", "test_div_uint8", "test_sub_int8", "test_sub_uint8", "test_slice",
    ];

    private static readonly string[] ElementTests =
    [
        "test_qlinearmatmul_2D_int8_float32", "test_qlinearmatmul_2D_uint8_float32", "test_qlinearmatmul_3D_int8_float32", "test_qlinearmatmul_3D_uint8_float32",
        "test_dequantizelinear",
    ];

    private static readonly string[] ActivationTests = ["test_matmul_3d, all inputs given", "test_matmul_4d_1d, all inputs given"];

    private static readonly string[] TableTests =
    [
        "test_clip", "test_clip_inbounds", "test_clip_min_greater_than_max", "test_clip_outbounds", "test_clip_splitbounds",
        "test_gelu_default_1", "test_gelu_default_2", "test_gelu_tanh_1", "test_gelu_tanh_2", "test_pow_bcast_scalar", "test_sigmoid",
        "test_softmax_axis_0", "test_softmax_axis_2", "test_softmax_example", "test_softmax_negative_axis", "test_sqrt",
        "test_tanh_example", "test_relu_expanded_ver18", "test_swish_expanded", "test_pow", "test_pow_types_float32_int32", "test_max_two_inputs",
        "test_min_two_inputs",
    ];

    // Keys and values are constants: two products with a softmax between.
    private static readonly string[] AttentionTests =
    [
        "test_attention_3d", "test_attention_3d_attn_mask_expanded", "test_attention_3d_diff_heads_sizes_attn_mask", "test_attention_3d_gqa_attn_mask_expanded",
        "test_attention_3d_scaled", "test_attention_3d_transpose_verification", "test_attention_4d", "test_attention_4d_attn_mask_3d",
        "test_attention_4d_attn_mask_4d", "test_attention_4d_attn_mask_expanded", "test_attention_4d_diff_heads_sizes_attn_mask",
        "test_attention_4d_gqa_attn_mask_expanded", "test_attention_4d_scaled", "test_attention_4d_with_qk_matmul_bias_expanded",
        "test_attention_3d_diff_heads_sizes_expanded", "test_attention_3d_diff_heads_sizes_scaled_expanded", "test_attention_3d_diff_heads_sizes_softcap_expanded",
        "test_attention_4d_attn_mask_bool_4d_expanded", "test_attention_4d_diff_heads_sizes_expanded", "test_attention_4d_diff_heads_sizes_scaled_expanded",
        "test_attention_4d_diff_heads_sizes_softcap_expanded",
    ];

    public static IEnumerable<string> All => LinearTests.Concat(NormalizedTests).Concat(TableTests).Concat(AttentionTests).Concat(ElementTests).Concat(ActivationTests);

    /// <summary>Tests that run and give something else, and why.</summary>
    public static readonly IReadOnlyDictionary<string, string> Missed = new Dictionary<string, string>
    {
        ["test_softmax_large_number_expanded"] = "Numbers up to 10 003 in 16 bits are 0.6 apart; the softmax of numbers that are 1 apart depends on it.",
        ["test_matmul_1d_3d"] = "Terms of up to 1.5 cancel to 0.26; half a step of each of four weights of 8 bits comes to as much as 11 % of that.",
        ["test_matmul_1d_3d, all inputs given"] = "The same terms cancel; with 8 bits for both factors that comes to 3 %.",
        ["test_quantizelinear_uint4"] = "Its rows have scales of 2, 3 and 4 in 4 bits; the device keeps the last for all, so that the first is rounded to twice its step.",
        ["test_quantizelinear_uint16"] = "Numbers beyond 65 536 saturate there; a 16-bit tensor of the device has room above its quantizer's range and keeps them.",
    };

    /// <summary>Operators of which every test is claimed, or refused for a reason in <see cref="Declined"/>.</summary>
    public static readonly IReadOnlyList<string> FixedList =
    [
        "Add", "AveragePool", "Concat", "Conv", "DequantizeLinear", "Div", "Erf", "Expand", "Gather", "Gelu", "Gemm", "LayerNormalization", "MatMul", "MatMulInteger", "MaxPool",
        "Mul", "Pow", "QLinearMatMul", "QuantizeLinear", "ReduceMean", "Relu", "Reshape", "Sigmoid", "Slice", "Softmax", "Split", "Sqrt", "Squeeze", "Sub", "Tanh", "Transpose",
        "Unsqueeze", "Where",
    ];

    private const string WideIntegers = "Its elements are integers of more than 8 bits: the device's tensors have 8, or 16 that are rounded; ONNX wants them exact.";

    private const string WideResult = "Its result is integers of 32 or 64 bits; the device's tensors have 8, or 16 that are rounded.";

    private const string Blocked = "It gives an activation a scale a block of elements; a tensor of the device has one. Weights may have them.";

    private const string FewBits = "Its elements have 2 or 4 bits: the host gives a model float32, booleans, or integers of 8, 16, 32 and 64. Weights of 4 bits are read.";

    /// <summary>Tests of operators of the fixed list that stay refused, and why.</summary>
    public static readonly IReadOnlyDictionary<string, string> Declined = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["test_add_int16"] = WideIntegers,
        ["test_add_uint16"] = WideIntegers,
        ["test_add_uint64"] = WideIntegers,
        ["test_div_int16"] = WideIntegers,
        ["test_div_uint32"] = WideIntegers,
        ["test_mul_int16"] = WideIntegers,
        ["test_mul_uint16"] = WideIntegers,
        ["test_mul_uint64"] = WideIntegers,
        ["test_sub_uint32"] = WideIntegers,
        ["test_pow_types_float32_uint32"] = "Its exponents are uint32, which no exporter writes and the importer does not read; as int32 they are.",
        ["test_pow_types_int32_float32"] = WideResult,
        ["test_pow_types_int64_float32"] = WideResult,
        ["test_where_long_example"] = "It chooses between integers of 64 bits by a condition that is given: work for the host, which does it where a layer reads the result.",
        ["test_split_zero_size_splits_opset13"] = "All its tensors have a dimension of 0: there is nothing to compute or to compare.",
        ["test_dequantizelinear_blocked"] = Blocked,
        ["test_quantizelinear_blocked_symmetric"] = Blocked,
        ["test_dequantizelinear_int2"] = FewBits,
        ["test_dequantizelinear_uint4"] = FewBits,
        ["test_quantizelinear_int2"] = FewBits,
    };

    public static double Bound(string test) => TableTests.Contains(test) || AttentionTests.Contains(test) ? Table : ActivationTests.Contains(test) ? TwoActivations : NormalizedTests.Contains(test) ? Normalized
        : ElementTests.Contains(test) ? Element : Linear;
}
