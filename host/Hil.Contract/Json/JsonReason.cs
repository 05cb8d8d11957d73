using System.Text.Json;

namespace Hil.Contract.Json;

/// <summary>What a JSON reader says, fit to be shown: it may quote the rest of the file.</summary>
public static class JsonReason
{
    /// <summary>Characters that suffice to say what is wrong where.</summary>
    private const int Longest = 240;

    private const int Tail = 60;

    /// <summary>The message on one line, its middle left out where it is long (the place is at its end), control characters replaced.</summary>
    public static string Of(JsonException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        string message = error.Message.Length <= Longest
            ? error.Message
            : $"{error.Message[..(Longest - Tail)]} ... {error.Message[^Tail..]}";
        return string.Concat(message.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
    }
}
