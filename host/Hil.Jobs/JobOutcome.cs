using Hil.Contract;
using Hil.Jobs.Artefacts;

namespace Hil.Jobs;

/// <summary>Why a job ended without its artefacts.</summary>
public sealed record JobError(ExitKind Kind, string What, string Where, string WhatToDo)
{
    public static JobError From(HilException e) => new(e.Kind, e.What, e.Where, e.WhatToDo);
}

/// <summary>
/// How a job ended. A job whose gate failed (<see cref="ExitKind.GateFailed"/>) has all its artefacts and no error.
/// </summary>
public sealed record JobOutcome(ExitKind Exit, Manifest Manifest, JobError? Error);
