using Hil.Compiler.Plans;
using Hil.Compiler.Scheduling;
using Hil.Contract.Isa;
using Hil.Contract.Programs;

namespace Hil.Compiler.Tests.Scheduling;

/// <summary>What an operation must come after: by its bytes, its parameters, its weight slot and its accumulator half, and no more than that.</summary>
public sealed class HazardsAreFound
{
    private const int Stride = 16;

    private readonly Plan _plan = new(TestMachines.Wide());
    private readonly Region _region;
    private readonly object _content = new();

    public HazardsAreFound()
    {
        _region = Region("rows", 0);
        _plan.BeginLayer("first", "product");
    }

    [Fact]
    public void Readers_come_after_the_writer_and_a_writer_after_the_readers()
    {
        Operation write = Use(true, 0, 4), one = Use(false, 0, 2), other = Use(false, 2, 2), apart = Use(false, 4, 1), again = Use(true, 0, 4);

        Find();

        Assert.Equal([write], one.Needs);
        Assert.Equal([write], other.Needs);
        Assert.Empty(apart.Needs);
        Assert.Equal([write, one, other], again.Needs);
    }

    [Fact]
    public void What_is_replaced_whole_is_forgotten()
    {
        Operation first = Use(true, 1, 2), second = Use(true, 0, 4), third = Use(true, 0, 4), part = Use(true, 1, 1), reader = Use(false, 0, 4);

        Find();

        Assert.Equal([first], second.Needs);
        Assert.Equal([second], third.Needs);
        Assert.Equal([third], part.Needs);
        Assert.Equal([third, part], reader.Needs);
    }

    /// <summary>Rows of one stride meet where rows and columns do; what covers only some columns replaces nothing.</summary>
    [Fact]
    public void Columns_side_by_side_do_not_meet()
    {
        Operation left = Use(true, 0, 4, 0, 8), right = Use(true, 0, 4, 8, 8), all = Use(false, 0, 4), over = Use(true, 1, 2, 8, 4), wider = Use(true, 1, 2, 8, 8), last = Use(false, 1, 2, 8, 8);

        Find();

        Assert.Empty(right.Needs);
        Assert.Equal([left, right], all.Needs);
        Assert.Equal([right, all], over.Needs);
        Assert.Equal([right, over, all], wider.Needs);
        Assert.Equal([right, wider], last.Needs);
    }

    [Fact]
    public void Of_regions_that_share_bytes_the_first_is_done_with_before_the_second_begins()
    {
        Region behind = Region("behind", _region.Bytes), over = Region("over", 8);
        Operation write = Use(true, 0, 4), read = Use(false, 0, 4), next = Use(behind, true, 0, 1), later = Use(over, true, 0, 1), its = Use(over, false, 0, 1);

        Find();

        Assert.Empty(next.Needs);
        Assert.Equal([next, read], later.Needs.OrderByDescending(n => n.Index));
        Assert.Equal([later], its.Needs);
        Assert.DoesNotContain(write, later.Needs);
    }

    [Fact]
    public void Entries_are_loaded_before_they_are_read_and_read_before_they_are_loaded_anew()
    {
        object other = new(), anew = new();
        Operation load = Entries(true, 0, 4, _content), beside = Entries(true, 4, 4, other), read = Entries(false, 1, 2, _content), its = Entries(false, 4, 4, other);
        Operation again = Entries(true, 0, 4, anew), reader = Entries(false, 0, 4, anew), wide = Entries(true, 0, 8, _content);

        Find();

        Assert.Empty(beside.Needs);
        Assert.Equal([load], read.Needs);
        Assert.Equal([beside], its.Needs);
        Assert.Equal([load, read], again.Needs);
        Assert.Equal([again], reader.Needs);
        Assert.Equal([beside, its, again, reader], wide.Needs.OrderBy(n => n.Index));
    }

    [Fact]
    public void Entries_that_are_gone_before_they_are_read_are_an_error()
    {
        Entries(true, 0, 4, _content);
        Entries(true, 2, 4, new object());
        Entries(false, 2, 2, _content);

        Assert.Equal("LayerNorm finds other Parameters than it expects: the ring came round too soon.", Assert.Throws<InvalidOperationException>(Find).Message);
    }

    /// <summary>Its parts in their order, and its slot and half only when what the requantization needs besides is there.</summary>
    [Fact]
    public void A_sum_takes_nothing_in_vain()
    {
        Operation parameters = Entries(true, 0, 4, _content);
        SlotContent one = new(), two = new();
        var sum = new Sum();
        Operation firstLoad = Add(Unit.Load, slot: one, sum: sum), first = Add(Unit.Compute, slot: one, sum: sum), between = Use(true, 0, 1);
        Operation secondLoad = Add(Unit.Load, slot: two, sum: sum), second = Add(Unit.Compute, slot: two, sum: sum);
        Operation requantize = Add(Unit.Vector, sum: sum);
        requantize.Entries.Add(new(EntryKind.Parameters, 0, 4, false, _content));
        requantize.Operands.Add(new(Requantize.Output, _region, 0, Stride, 1, Stride, true));

        Find();

        Assert.Equal([parameters], firstLoad.Needs);
        Assert.Equal([firstLoad], first.Needs);
        Assert.Equal([parameters, first], secondLoad.Needs);
        Assert.Equal([secondLoad, first], second.Needs);
        Assert.Equal([parameters, first, between, second], requantize.Needs.OrderBy(n => n.Index));
    }

    /// <summary>Layers overlap only so far: what lies further back is not looked for, nor has to be.</summary>
    [Fact]
    public void What_lies_layers_back_is_forgotten()
    {
        Operation far = Use(true, 0, 4);
        _plan.BeginLayer("second", "product");
        Operation near = Use(false, 0, 2);
        for (int i = 0; i < Hazards.LayersTogether; i++) _plan.BeginLayer($"{i}", "product");
        Operation last = Use(true, 0, 4);

        Find();

        Assert.Equal([far], near.Needs);
        Assert.Equal([near], last.Needs);
    }

    /// <summary>What stands behind work of a layer too far ahead waits for what does not, as long as there is any.</summary>
    [Fact]
    public void What_is_too_far_ahead_waits()
    {
        for (int i = 0; i <= Hazards.LayersTogether; i++) _plan.BeginLayer($"{i}", "product");
        Operation ahead = Add(Unit.Vector);
        _plan.Resume(0);
        Operation behind = Add(Unit.Vector), load = Add(Unit.Load);

        Assert.Equal([load, behind, ahead], new Scheduler(_plan).Run());
    }

    private void Find() => new Hazards(_plan).Find();

    private Region Region(string name, long address)
    {
        Region region = _plan.NewRegion(name, RegionRole.Hidden, 8, Stride);
        region.Address = address;
        return region;
    }

    private Operation Use(bool writes, int row, int rows, int column = 0, int columns = Stride) => Use(_region, writes, row, rows, column, columns);

    private Operation Use(Region region, bool writes, int row, int rows, int column = 0, int columns = Stride)
    {
        Operation op = Add(Unit.Vector);
        op.Operands.Add(new(LayerNorm.Source, region, (row * Stride) + column, columns, rows, Stride, writes));
        return op;
    }

    private Operation Entries(bool writes, int first, int count, object content)
    {
        Operation op = Add(writes ? Unit.Load : Unit.Vector);
        op.Entries.Add(new(EntryKind.Parameters, first, count, writes, content));
        return op;
    }

    private Operation Add(Unit unit, SlotContent? slot = null, Sum? sum = null) =>
        _plan.Append(_plan.New(StepKind.LayerNorm, unit, Instruction.Of(LayerNorm.Definition), slot: slot, sum: sum));
}
