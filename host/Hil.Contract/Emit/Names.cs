namespace Hil.Contract.Emit;

/// <summary>The contract's names in the spelling of each language.</summary>
internal static class Names
{
    /// <summary>LOAD_WEIGHTS, rowWords, busy.Load or BUSY_LOAD to LoadWeights, RowWords, BusyLoad.</summary>
    public static string Pascal(string name) => string.Concat(Words(name).Select(w => char.ToUpperInvariant(w[0]) + w[1..].ToLowerInvariant()));

    /// <summary>rowWords or LOAD_WEIGHTS to ROW_WORDS, LOAD_WEIGHTS.</summary>
    public static string Upper(string name) => string.Join('_', Words(name)).ToUpperInvariant();

    private static List<string> Words(string name)
    {
        bool allUpper = !name.Any(char.IsLower);
        List<string> words = [];
        string word = "";
        foreach (char c in name)
        {
            bool separator = c is '_' or '.' or ' ';
            if (word.Length > 0 && (separator || (!allUpper && char.IsUpper(c))))
            {
                words.Add(word);
                word = "";
            }

            if (!separator) word += c;
        }

        if (word.Length > 0) words.Add(word);
        return words;
    }
}
