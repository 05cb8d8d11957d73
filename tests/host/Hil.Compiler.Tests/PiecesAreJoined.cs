using Hil.Compiler.Plans;
using Hil.Contract.Isa;
using Hil.Contract.Programs;

namespace Hil.Compiler.Tests;

/// <summary>Pieces of vector work: those that follow one another without a pause in a schedule are one instruction in the next.</summary>
public sealed class PiecesAreJoined
{
    [Fact]
    public void Pieces_without_a_pause_are_one()
    {
        Assert.Equal([(0, 3), (3, 1)], Joined((Row: 0, Start: 10, End: 19), (1, 20, 29), (2, 30, 39), (3, 41, 50)));
    }

    [Fact]
    public void A_piece_grows_no_longer_than_it_may()
    {
        Assert.Equal([(0, 2), (2, 2), (4, 1)], Joined(2, (Row: 0, Start: 10, End: 19), (1, 20, 29), (2, 30, 39), (3, 40, 49), (4, 50, 59)));
    }

    [Fact]
    public void Other_vector_work_between_two_pieces_keeps_them_apart()
    {
        Operation[] order = [At(0, 10, 19, 9), New(Unit.Vector, 20, 24), At(1, 25, 34, 9)];

        Assert.Equal([(0, 1), (1, 1)], PieceList.Joined(order).Single().Select(p => (p.Row, p.Rows)));
    }

    [Fact]
    public void Work_of_other_units_between_them_does_not()
    {
        Operation[] order = [At(0, 10, 19, 9), New(Unit.Load, 20, 24), At(1, 20, 29, 9)];

        Assert.Equal([(0, 2)], PieceList.Joined(order).Single().Select(p => (p.Row, p.Rows)));
    }

    private static IEnumerable<(int Row, int Rows)> Joined(params (int Row, long Start, long End)[] pieces) => Joined(100, pieces);

    private static IEnumerable<(int Row, int Rows)> Joined(int most, params (int Row, long Start, long End)[] pieces) =>
        PieceList.Joined(pieces.Select(p => At(p.Row, p.Start, p.End, most))).Single().Select(p => (p.Row, p.Rows));

    private static Operation At(int row, long start, long end, int most) => New(Unit.Vector, start, end, new Piece(0, row, 1, most));

    private static Operation New(Unit unit, long start, long end, Piece? piece = null) =>
        new(StepKind.LayerNorm, unit, Instruction.Of(LayerNorm.Definition), 0) { Piece = piece, Start = start, End = end };
}
