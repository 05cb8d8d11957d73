namespace Hil.Jobs;

/// <summary>Progress of a job: the step it is in, what it does there, and how much of the step is done (0 to 1) if known.</summary>
public sealed record JobEvent(string Step, string Message, double? Fraction = null);
