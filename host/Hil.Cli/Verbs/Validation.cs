using System.CommandLine;

namespace Hil.Cli.Verbs;

/// <summary>Bounds of options.</summary>
internal static class Validation
{
    /// <summary>Refuses a value that does not hold. One that is no <typeparamref name="T"/> at all is the parser's own to refuse.</summary>
    public static void Must<T>(this Option<T> option, Func<T?, bool> holds, Func<T?, string> otherwise) => option.Validators.Add(result =>
    {
        T? value;
        try
        {
            value = result.GetValueOrDefault<T>();
        }
        catch (InvalidOperationException)
        {
            return;
        }

        if (!holds(value))
        {
            result.AddError(otherwise(value));
        }
    });

    /// <inheritdoc cref="Must{T}(Option{T}, Func{T, bool}, Func{T, string})"/>
    public static void Must<T>(this Option<T> option, Func<T?, bool> holds, string otherwise) => option.Must(holds, _ => otherwise);
}
