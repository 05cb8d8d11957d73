namespace Hil.Compiler.Lowering;

/// <summary>What lowering may do in more than one way; the compiler counts the cycles of several and keeps the best that fits.</summary>
/// <param name="Blocks">Row blocks of a product that a layer norm follows: the norm of one overlaps with the product of the next.</param>
/// <param name="Split">Tensors lie in one region per row block, so that blocks can be on different banks; then every product works in blocks.</param>
/// <param name="QueryBlocks">Blocks of query rows of an attention.</param>
/// <param name="Alternate">Scores of every other block lie on the other of two banks.</param>
/// <param name="HiddenBlocks">Row blocks of which only one of a hidden layer exists at a time; 1: the whole is in memory.</param>
/// <param name="Depth">How many blocks the context of an attention comes after its scores: 1 or 2.</param>
/// <param name="HeadByHead">Queries, keys and values are made a head at a time, before that head's attention.</param>
/// <param name="Opposite">Tensors lie in two row blocks, the second the other way round on two banks, and the blocks take turns: layer norm of one runs
/// beside products of the other.</param>
internal sealed record LoweringChoice(
    int Blocks = 1, bool Split = false, int QueryBlocks = 1, bool Alternate = false, int HiddenBlocks = 1, bool HeadByHead = false, int Depth = 1,
    bool Opposite = false);
