using System.Text.Json.Nodes;
using Hil.Compiler;
using Hil.Compression.Quantization;
using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Jobs.Specs;

namespace Hil.Jobs.Steps;

/// <summary>A model up to its quantized graph.</summary>
public sealed class QuantizePipeline : IPipeline
{
    /// <inheritdoc/>
    public Task<ExitKind> RunAsync(JobWork work)
    {
        ImportedModel model = ModelSteps.Import(work);
        QuantizationResult quantized = ModelSteps.Quantize(work, model);
        work.Add(ArtefactNames.Result, CanonicalJson.Bytes(new JsonObject
        {
            ["schema"] = "hil.quantize/1",
            ["model"] = model.Graph.Name,
            ["modelHash"] = model.Onnx.Hash,
            ["layers"] = quantized.Graph.Layers.Length,
            ["input"] = Describe.Tensor(quantized.Graph.Tensors[quantized.Graph.Input]),
            ["output"] = Describe.Tensor(quantized.Graph.Tensors[quantized.Graph.Output]),
            ["warnings"] = Describe.Warnings(quantized),
        }));
        return Task.FromResult(ExitKind.Done);
    }
}

/// <summary>A model up to its program, and what the program will cost.</summary>
public sealed class CompilePipeline : IPipeline
{
    /// <inheritdoc/>
    public Task<ExitKind> RunAsync(JobWork work)
    {
        Machine machine = ProgramSteps.Machine(work);
        CompiledModel model = ModelSteps.Compile(work, machine);
        BoundProgram bound = ProgramSteps.Bind(work, model.Compiled.Program, machine);
        Prediction prediction = ProgramSteps.Predict(work, bound);
        JsonObject result = Describe.Prediction(prediction, bound, "hil.compile/1");
        result["instructions"] = bound.Program.InstructionCount;
        result["imageBytes"] = bound.Program.Image.Length;
        result["fit"] = Describe.Fit(model.Compiled.Memories);
        result["warnings"] = Describe.Warnings(model.Quantized);
        work.Add(ArtefactNames.Result, CanonicalJson.Bytes(result));
        return Task.FromResult(ExitKind.Done);
    }
}

/// <summary>What a program will cost, before it runs.</summary>
public sealed class PredictPipeline : IPipeline
{
    /// <inheritdoc/>
    public Task<ExitKind> RunAsync(JobWork work)
    {
        Machine machine = ProgramSteps.Machine(work);
        ProgramImage program = work.Has(JobSpec.Model)
            ? ModelSteps.Compile(work, machine).Compiled.Program
            : ProgramFile.Read(work.Read(JobSpec.Program), work.NameOf(JobSpec.Program));
        BoundProgram bound = ProgramSteps.Bind(work, program, machine);
        work.Add(ArtefactNames.Result, CanonicalJson.Bytes(
            Describe.Prediction(ProgramSteps.Predict(work, bound), bound, "hil.predict/1")));
        return Task.FromResult(ExitKind.Done);
    }
}

/// <summary>A model with zeros in the blocks of its feed-forward matrices that matter least.</summary>
public sealed class PrunePipeline : IPipeline
{
    /// <inheritdoc/>
    public Task<ExitKind> RunAsync(JobWork work)
    {
        ImportedModel pruned = ModelSteps.Prune(work, ModelSteps.Import(work), ProgramSteps.Machine(work));
        work.Add(ArtefactNames.Result, CanonicalJson.Bytes(new JsonObject
        {
            ["schema"] = "hil.prune/1",
            ["model"] = pruned.Graph.Name,
            ["modelHash"] = pruned.Onnx.Hash,
            ["matrices"] = Describe.Pruned(pruned.Pruned),
        }));
        return Task.FromResult(ExitKind.Done);
    }
}
