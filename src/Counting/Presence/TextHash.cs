namespace Counter.Counting.Presence;

/// <summary>Hashes text that is only compared. Every gateway computes the same hash.</summary>
internal static class TextHash
{
    private const ulong Start = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>FNV-1a over the UTF-16 units; never 0.</summary>
    public static ulong Of(string text)
    {
        var hash = Start;
        foreach (var c in text)
        {
            hash = unchecked((hash ^ c) * Prime);
        }

        return hash == 0 ? 1 : hash;
    }
}
