namespace Counter.Counting.Pages;

/// <summary>The length limits of the names of sites and pages.</summary>
/// <param name="Site">The most characters of a normalised site.</param>
/// <param name="Key">The most characters of a normalised site and path together.</param>
public sealed record PageLimits(int Site = 200, int Key = 500)
{
    /// <summary>The limits if nothing else is configured.</summary>
    public static PageLimits Default { get; } = new();
}
