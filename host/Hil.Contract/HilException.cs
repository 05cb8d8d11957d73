namespace Hil.Contract;

/// <summary>What went wrong for the user, as the exit code of the command line.</summary>
public enum ExitKind
{
    Done = 0,
    GateFailed = 1,
    Usage = 2,
    Unsupported = 3,
    Device = 4,
    IdentityMismatch = 5,
    BadInput = 6,
}

/// <summary>An error in what a user gave: what is wrong, where, and what to do about it.</summary>
public sealed class HilException : Exception
{
    public HilException(ExitKind kind, string what, string where, string whatToDo, Exception? cause = null)
        : base($"{where}: {what} {whatToDo}".TrimEnd(), cause) =>
        (Kind, What, Where, WhatToDo) = (kind, what, where, whatToDo);

    public ExitKind Kind { get; }

    public string What { get; }

    public string Where { get; }

    public string WhatToDo { get; }
}
