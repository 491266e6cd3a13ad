namespace Counter.Counting.Pages;

/// <summary>How long the names of sites and pages may be.</summary>
/// <param name="Site">The most characters of a normalised site.</param>
/// <param name="Key">The most characters of a normalised site and path together.</param>
public sealed record PageLimits(int Site = 200, int Key = 500)
{
    /// <summary>The limits where nothing else is configured.</summary>
    public static PageLimits Default { get; } = new();
}
