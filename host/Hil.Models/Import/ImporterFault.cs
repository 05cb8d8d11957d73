namespace Hil.Models.Import;

/// <summary>
/// Checks and rules that a test takes from reading and importing, one at a time, to see that they would be missed. A model carries the fault that it is read
/// with; <see cref="None"/> outside of such tests.
/// </summary>
internal enum ImporterFault
{
    None = 0,

    /// <summary>A tensor may be written twice.</summary>
    WrittenTwice,

    /// <summary>A tensor may be read before anything gives it.</summary>
    ReadBeforeWritten,

    /// <summary>Two initialisers may have one name.</summary>
    NamesRepeat,

    /// <summary>A constant may ask for a shape of any size.</summary>
    ShapesOfAnySize,

    /// <summary>Any opset is read.</summary>
    OpsetUnchecked,

    /// <summary>Of several outputs the first is taken.</summary>
    MoreOutputsIgnored,

    /// <summary>Nodes with graphs of their own are not looked at.</summary>
    ControlFlowUnchecked,

    /// <summary>An operator of another domain is what it is called.</summary>
    DomainsUnchecked,

    /// <summary>A fused attention's scale that is negative is left out.</summary>
    NegativeScaleIgnored,

    /// <summary>The bias of a fused skip is left out.</summary>
    SkipBiasLost,

    /// <summary>A fused product's transposition of batches is left out.</summary>
    BatchTranspositionLost,

    /// <summary>A fused attention is never causal.</summary>
    CausalLost,

    /// <summary>A soft cap is left out.</summary>
    SoftCapUnchecked,

    /// <summary>Keys and values may have four axes.</summary>
    AxesOfKeysUnchecked,

    /// <summary>Exponentials over the sum of anything are a softmax.</summary>
    SoftmaxOfAnySum,

    /// <summary>Gemm's weights are never transposed.</summary>
    TransposedWeightsLost,

    /// <summary>Gemm's beta is 1.</summary>
    BetaLost,

    /// <summary>A softmax of scores is over their last axis.</summary>
    SoftmaxAxisUnchecked,

    /// <summary>Queries and keys may differ in heads.</summary>
    HeadsUnchecked,

    /// <summary>Values may differ from keys in rows and heads.</summary>
    ValuesUnchecked,

    /// <summary>A mask of any shape is one row of keys.</summary>
    MaskShapeUnchecked,

    /// <summary>A second mask takes the place of the first.</summary>
    SecondMaskUnchecked,

    /// <summary>Whatever is added to a score below zero leaves its key out.</summary>
    MildBiasMasks,

    /// <summary>Where leaves keys out whatever it puts in their place.</summary>
    AnyFillMasks,

    /// <summary>The constant mask of the first head is that of all.</summary>
    MaskOfFirstHead,

    /// <summary>A number divided by a tensor is the tensor divided by the number.</summary>
    DivisionTurned,

    /// <summary>What one reader adds to a product, all its readers get.</summary>
    SharedProductChanged,

    /// <summary>A function is fused to a product that others read without it.</summary>
    SharedSumActivated,

    /// <summary>A negative start of a Slice with steps is 0.</summary>
    NegativeStartsCut,

    /// <summary>What is put before a tensor is put behind it.</summary>
    PadsTurned,

    /// <summary>A cast to any type changes nothing.</summary>
    CastsUnchecked,

    /// <summary>A convolution of several groups reads the channels of the first.</summary>
    GroupsIgnored,

    /// <summary>A convolution's taps lie side by side.</summary>
    DilationLost,

    /// <summary>The largest of numbers times a negative factor is the factor times the largest.</summary>
    NegativePoolUnchecked,

    /// <summary>The zero point of unsigned integers stays where it is when they become signed.</summary>
    ZeroPointOfUnsigned,

    /// <summary>A tensor may be dequantized with another scale than it was quantized with.</summary>
    UnequalPairs,

    /// <summary>Numbers before the operands of a gate are left out.</summary>
    GateFactorLost,

    /// <summary>A difference of two tensors is their sum.</summary>
    DifferenceAdded,

    /// <summary>A constant minus a tensor is the tensor minus the constant.</summary>
    ConstantSumTurned,

    /// <summary>The sign of a product of two activations is left out.</summary>
    ProductSignLost,

    /// <summary>The right factor of a product of two activations is never transposed.</summary>
    TransposedFactorLost,

    /// <summary>All batches of a product of two activations have the first one's right factor.</summary>
    FactorOfFirstBatch,

    /// <summary>A product of two activations takes in a scale that others read it without.</summary>
    SharedActivationScaled,

    /// <summary>A softmax of rows is over their last axis.</summary>
    RowsSoftmaxAxisIgnored,

    /// <summary>A softmax of rows that are scaled by a negative number is one.</summary>
    NegativeSoftmaxUnchecked,

    /// <summary>Scales of channels are not taken into the bias of the layer before.</summary>
    ChannelBiasLost,

    /// <summary>Scales of channels are not taken into the weights that read them.</summary>
    ChannelReadersLost,

    /// <summary>Whatever reads a tensor with a scale a channel takes the scales into its second operand.</summary>
    ChannelReadersUnchecked,

    /// <summary>Others may read what a quantizer of channels reads.</summary>
    ChannelGiverShared,

    /// <summary>Transposed weights take scales of channels into their columns.</summary>
    ChannelTransposeIgnored,

    /// <summary>All columns of a function that differs from column to column go through the first one's table.</summary>
    ColumnsAlike,

    /// <summary>The entries of a table that is written out are counted from −128, not from the index's end.</summary>
    EntriesFromBottom,

    /// <summary>Probabilities may be left out after the softmax by another condition than the scores.</summary>
    AnyConditionMasks,

    /// <summary>A sum leaves out the number that an operand is multiplied by where no product takes it in.</summary>
    SummandFactorLost,
}
