using System.Collections.Immutable;
using System.Security.Cryptography;
using Google.Protobuf;
using Hil.Contract;
using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Import.Expansion;
using Hil.Models.Import.Quantized;
using Hil.Models.Onnx.Format;
using Hil.Models.Reference;

namespace Hil.Models.Onnx;

/// <summary>A parsed ONNX file whose structure has been checked: what it computes may still be unsupported.</summary>
public sealed class OnnxModel
{
    /// <summary>Largest file that is read. A transformer for a small FPGA is three orders of magnitude smaller.</summary>
    public const long MaximumBytes = 1L << 29;

    internal const string Remedy = "Export the model again (torch.onnx.export, opset 11 to 23).";

    /// <summary>It is quantized in a spelling of its own, which ONNX Runtime may lack, and gives integers.</summary>
    private readonly bool _isRespelt;

    private (IReadOnlyCollection<NodeProto> Nodes, IReadOnlyCollection<TensorProto> Constants) _shown = ([], []);

    private OnnxModel(string name, ReadOnlyMemory<byte> bytes, ModelProto proto, string? hash = null, ImporterFault fault = ImporterFault.None)
    {
        (Name, Bytes, Original, Fault) = (name, bytes, proto, fault);
        var (expanded, origins) = Expander.Expand(proto, fault);
        var (respelt, spelt) = QdqSpelling.Of(expanded);
        (Proto, var folded) = ChannelScales.Of(respelt, fault);
        _isRespelt = !ReferenceEquals(Proto, expanded);
        Origins = [.. folded.Select(o => origins[spelt[o]])];
        Hash = hash ?? Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
    }

    /// <summary>The file's name without folder and extension.</summary>
    public string Name { get; }

    /// <summary>The file as it is; what it keeps in other files is in it.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>SHA-256 of <see cref="Bytes"/>, lower-case hexadecimal; of a skeleton, of its file alone.</summary>
    public string Hash { get; }

    /// <summary>Files of external data that are not there: only skeletons do without them.</summary>
    public IReadOnlyList<string> MissingFiles { get; private init; } = [];

    /// <summary>Its inputs; empty while one has no static shape.</summary>
    public ImmutableArray<ModelInput> Inputs => ModelInputs.Describe(Proto) ?? [];

    /// <summary>
    /// What the file computes in the one spelling that the importer reads: local functions inlined, fused operators spelt out, a quantized model with
    /// QuantizeLinear and DequantizeLinear around float operators.
    /// </summary>
    internal ModelProto Proto { get; }

    /// <summary>For each node of <see cref="Proto"/> the position in the file of the node it came from.</summary>
    internal int[] Origins { get; }

    /// <summary>The model as it is in the file, its dimensions bound.</summary>
    internal ModelProto Original { get; }

    /// <summary>What a test has taken from reading and importing it.</summary>
    internal ImporterFault Fault { get; }

    /// <summary>Reads a file, and what it keeps in files beside it. Throws <see cref="HilException"/> (BadInput) if it is no sound ONNX file.</summary>
    public static OnnxModel Load(string path) => Parse(OnnxFile.Read(path), Path.GetFileNameWithoutExtension(path), path);

    /// <summary>
    /// Reads what a file computes, but not the values of its large tensors, which are zeros here and whose bytes are passed over: for
    /// whoever needs shapes, of files of any size. <see cref="Bytes"/> is empty.
    /// </summary>
    public static OnnxModel LoadSkeleton(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, Skeleton.BufferBytes, FileOptions.SequentialScan);
            var proto = Skeleton.Read(stream, out var hash);
            var missing = OnnxFile.Skim(proto, path);
            return Checked(proto, path, ImporterFault.None, () =>
                new OnnxModel(Path.GetFileNameWithoutExtension(path), ReadOnlyMemory<byte>.Empty, proto, hash) { MissingFiles = missing });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && e is not InvalidProtocolBufferException)
        {
            throw new HilException(ExitKind.BadInput, e.Message, path, "Give the path of a readable .onnx file.", e);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or OverflowException or ArgumentException or InvalidDataException)
        {
            throw new HilException(ExitKind.BadInput, $"it is no ONNX file: {e.Message}", path, Remedy, e);
        }
    }

    /// <summary>Parses a file's bytes; <paramref name="where"/> names it in errors.</summary>
    public static OnnxModel Parse(byte[] bytes, string name, string where) => Parse(bytes, name, where, ImporterFault.None);

    /// <summary>The same without one check or rule.</summary>
    internal static OnnxModel Parse(byte[] bytes, string name, string where, ImporterFault fault)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        var proto = OnnxFile.Parse(bytes, where);
        return Checked(proto, where, fault, () => new OnnxModel(name, bytes, proto, null, fault));
    }

    private static OnnxModel Checked(ModelProto proto, string where, ImporterFault fault, Func<OnnxModel> make)
    {
        if (StructureChecks.FirstError(proto, fault) is { } error)
        {
            throw Bad(error, where);
        }

        var model = make();

        // What local functions hold is seen only where they are called.
        return model.Proto.Functions.Count < proto.Functions.Count && StructureChecks.FirstError(model.Proto, fault) is { } inlined
            ? throw Bad($"with its local functions inlined, {inlined}", where)
            : model;
    }

    /// <summary>
    /// The same model with zeros where <paramref name="zeros"/> says so; nothing else changes. Keys are initialisers (float32 matrices),
    /// masks are row-major [inputs, outputs] however the file stores the matrix. Throws <see cref="HilException"/> (Unsupported) for
    /// weights that are no initialiser.
    /// </summary>
    public OnnxModel WithZeros(IReadOnlyDictionary<string, bool[]> zeros)
    {
        ArgumentNullException.ThrowIfNull(zeros);
        var proto = Proto.Clone();
        foreach (var (name, mask) in zeros)
        {
            var tensor = proto.Graph.Initializer.FirstOrDefault(t => t.Name == name) ?? throw new HilException(
                ExitKind.Unsupported, $"the weights '{name}' are computed, not stored.", Name, "Export with do_constant_folding=True.");
            var values = TensorData.Floats(tensor);
            if (values.Length != mask.Length)
            {
                throw new ArgumentException($"The mask of '{name}' has {mask.Length} elements, not {values.Length}.", nameof(zeros));
            }

            var isTransposed = proto.Graph.Node.Any(n => n.OpType == "Gemm" && n.InputAt(1) == name && n.Int("transB", 0) != 0);
            var (outer, inner) = ((int)tensor.Dims[^2], (int)tensor.Dims[^1]);
            for (var i = 0; i < values.Length; i++)
            {
                var isZero = mask[isTransposed ? (i % inner * outer) + (i / inner) : i];
                values[i] = isZero ? 0 : values[i];
            }

            TensorData.Replace(tensor, values);
        }

        return Parse(proto.ToByteArray(), Name, Name);
    }

    /// <summary>Nodes beside those of the model that give parts of its tensors, for the float reference to show.</summary>
    internal void Show(IReadOnlyCollection<NodeProto> nodes, IReadOnlyCollection<TensorProto> constants) => _shown = (nodes, constants);

    /// <summary>The model that gives the tensors of that name: as it is in the file wherever it has them.</summary>
    internal ModelProto Giving(IReadOnlyCollection<string> tensors)
    {
        var known = Original.Graph.Node.SelectMany(n => n.Output).ToHashSet();
        if (!_isRespelt && tensors.All(known.Contains))
        {
            return Original;
        }

        if (_shown is { Nodes.Count: 0, Constants.Count: 0 })
        {
            return Proto;
        }

        var whole = Proto.Clone();
        whole.Graph.Node.AddRange(_shown.Nodes);
        whole.Graph.Initializer.AddRange(_shown.Constants);
        return whole;
    }

    /// <summary>
    /// The same file with static inputs: <paramref name="shapeOf"/> gives the dimensions of one, 0 where a length stays unknown. What the file says about
    /// the shapes of other tensors is dropped, since it may name the dimensions that are known now.
    /// </summary>
    internal OnnxModel WithInputs(Func<ValueInfoProto, long[]> shapeOf)
    {
        var proto = Original.Clone();
        foreach (var input in proto.Graph.Input.Where(i => i.Type?.TensorType?.Shape is not null))
        {
            var (shape, dims) = (input.Type.TensorType.Shape, shapeOf(input));
            for (var i = 0; i < dims.Length; i++)
            {
                if (dims[i] > 0)
                {
                    shape.Dim[i] = new TensorShapeProto.Types.Dimension { DimValue = dims[i] };
                }
            }
        }

        proto.Graph.ValueInfo.Clear();
        foreach (var output in proto.Graph.Output.Where(o => o.Type?.TensorType is not null))
        {
            output.Type.TensorType.Shape = null;
        }

        return new OnnxModel(Name, Bytes, proto, Hash, Fault) { MissingFiles = MissingFiles };
    }

    private static HilException Bad(string what, string where) => new(ExitKind.BadInput, what, where, Remedy);
}
