using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;

namespace Hil.Emulator.Tests;

/// <summary>Random programs of the shape that compilers make: many strips of one product, pipelined over slots and halves.</summary>
internal sealed class StripPrograms
{
    private const int ParameterBase = TestMachines.DataBase;
    private const int TableBase = ParameterBase + 4096;
    private const int WeightBase = TableBase + 512;

    private readonly Random _random;
    private readonly Machine _machine;
    private readonly List<Instruction> _code = [];

    /// <summary>Outputs of strips that are computed, one or two behind, also into the next product.</summary>
    private readonly Queue<Instruction> _late = [];
    private readonly byte[] _data = new byte[1 << 20];
    private int _weights;

    private StripPrograms(int seed)
    {
        _random = new Random(seed);
        (int rows, int columns) = ((int, int))(1 << _random.Next(1, 5), 1 << _random.Next(1, 5));
        _machine = TestMachines.Make(rows, columns, 1, 16);
        _random.NextBytes(_data);
        _weights = WeightBase;
    }

    /// <summary>A machine and a program on it, without tokens: made for the functional pass.</summary>
    public static (Machine Machine, ProgramImage Program) Make(int seed)
    {
        var make = new StripPrograms(seed);
        make.Build();
        TensorPlace all = new("scratchpad", Space.Scratchpad, 0, 0, 1, 131072, 131072, ElementType.Int8, 1, 0, 0);
        return (make._machine, TestMachines.Program(make._code, make._data, [], [all]));
    }

    private void Build()
    {
        _code.Add(Code.Of(LoadParameters.Definition, (LoadParameters.Main, ParameterBase), (LoadParameters.Count, 512)));
        _code.Add(Code.Of(LoadTable.Definition, (LoadTable.Main, TableBase)));
        for (int product = 0; product < 4; product++) AddProduct();
        _code.AddRange(_late);
        _code.Add(Code.Of(End.Definition));
    }

    private void AddProduct()
    {
        int rows = _random.Next(1, 40);
        int strips = _random.Next(1, 24);
        int tiles = _random.Next(1, 12);
        int strideWords = ((tiles * _machine.Rows) + 15) / 16;
        bool wide = _random.Next(2) == 0;
        int outputWords = ((strips * _machine.Columns * (wide ? 2 : 1)) + 15) / 16;

        // Sources, outputs and dynamic weights sometimes lie over one another: then strips must not be joined blindly.
        bool crowded = _random.Next(2) == 0;
        int source = 16 * _random.Next(crowded ? 100 : 4000);
        int output = crowded ? 16 * _random.Next(100) : 65536 + (16 * _random.Next(1500));
        bool dynamic = _random.Next(3) == 0;
        bool twoTerms = _random.Next(3) == 0;
        int dynamicSource = _random.Next(4) == 0 ? output : 16 * _random.Next(6000);
        for (int s = 0; s < strips; s++)
        {
            int kept = dynamic || _random.Next(2) == 0 ? tiles : _random.Next(0, tiles + 1);
            int slot = s & 1;
            if (dynamic) AddDynamic(slot, tiles, s, dynamicSource, strideWords);
            else if (kept > 0) AddWeights(slot, kept, tiles);
            AddCompute(source, strideWords, rows, kept, slot, s & 1, false);
            if (twoTerms) AddCompute(source + (16 * _random.Next(2)), strideWords, rows, kept, slot, s & 1, true);
            _late.Enqueue(Output(output + (s * _machine.Columns * (wide ? 2 : 1)), outputWords, rows, s & 1, wide));
            if (_late.Count > 1 || _random.Next(3) == 0) _code.Add(_late.Dequeue());
        }

        if (_random.Next(2) == 0)
        {
            while (_late.TryDequeue(out Instruction last)) _code.Add(last);
            _code.Add(Code.Of(Map.Definition, (Map.Source, output), (Map.Output, source), (Map.SourceStride, outputWords),
                (Map.OutputStride, strideWords), (Map.Rows, rows), (Map.Columns, 9), (Map.Index, _random.Next(500))));
        }
    }

    private void AddWeights(int slot, int kept, int tiles)
    {
        int[] indices = [.. Enumerable.Range(0, tiles).OrderBy(_ => _random.Next()).Take(kept).Order()];
        for (int t = 0; t < kept; t++)
        {
            int at = _weights - TestMachines.DataBase + (t * _machine.TileRecordBytes);
            BitConverter.TryWriteBytes(_data.AsSpan(at), (ushort)indices[t]);
        }

        _code.Add(Code.Of(LoadWeights.Definition, (LoadWeights.Main, _weights), (LoadWeights.Tiles, kept), (LoadWeights.Slot, slot)));
        _weights += ((kept * _machine.TileRecordBytes) + 15) / 16 * 16;
    }

    private void AddDynamic(int slot, int tiles, int strip, int source, int strideWords)
    {
        bool byColumns = (_weights & 16) != 0;
        int length = (tiles * _machine.Rows) - _random.Next(_machine.Rows);
        int address = byColumns ? source + (strip * _machine.Columns * strideWords * 16) : source + (strip * _machine.Columns);
        _code.Add(Code.Of(LoadDynamic.Definition, (LoadDynamic.Scratch, address % 90000 / 16 * 16), (LoadDynamic.Stride, strideWords),
            (LoadDynamic.KLength, length), (LoadDynamic.Columns, _random.Next(1, _machine.Columns + 1)), (LoadDynamic.Slot, slot),
            (LoadDynamic.ByColumns, byColumns ? 1 : 0)));
    }

    private void AddCompute(int source, int stride, int rows, int tiles, int slot, int half, bool second) =>
        _code.Add(Code.Of(Compute.Definition, (Compute.Source, source), (Compute.Stride, stride), (Compute.Rows, rows),
            (Compute.Tiles, tiles), (Compute.Slot, slot), (Compute.Half, half), (Compute.Accumulate, second ? 1 : 0),
            (Compute.Shift7, second && _random.Next(2) == 0 ? 1 : 0)));

    private Instruction Output(int address, int stride, int rows, int half, bool wide)
    {
        bool perRow = _random.Next(8) == 0;
        bool table = !wide && _random.Next(4) == 0;
        return Code.Of(Requantize.Definition, (Requantize.Output, address), (Requantize.Stride, stride), (Requantize.Rows, rows),
            (Requantize.Columns, _random.Next(6) == 0 ? _random.Next(1, _machine.Columns + 1) : _machine.Columns),
            (Requantize.Half, half), (Requantize.Shift, _random.Next(8) == 0 ? _random.Next(64) : 24),
            (Requantize.Index, perRow ? _random.Next(200) : _random.Next(480)), (Requantize.Wide, wide ? 1 : 0),
            (Requantize.Accumulate, wide && _random.Next(2) == 0 ? 1 : 0), (Requantize.UseTable, table ? 1 : 0),
            (Requantize.PerRow, perRow ? 1 : 0));
    }
}
