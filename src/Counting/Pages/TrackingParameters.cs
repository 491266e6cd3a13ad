namespace Counter.Counting.Pages;

/// <summary>Query parameters that say how a visitor came, not what is on the page.</summary>
internal static class TrackingParameters
{
    // Each is added to links by an advertiser or newsletter; none is known to choose content.
    private static readonly string[] Names =
    [
        "_ga", "_gl", "dclid", "fbclid", "gad_source", "gbraid", "gclid", "gclsrc", "igsh", "igshid", "li_fat_id",
        "mc_cid", "mc_eid", "mkt_tok", "msclkid", "srsltid", "ttclid", "twclid", "wbraid", "yclid",
    ];

    /// <summary>Whether a parameter is dropped; letters are compared without case.</summary>
    public static bool Contains(ReadOnlySpan<char> name)
    {
        if (name.StartsWith("utm_", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        foreach (var known in Names)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
