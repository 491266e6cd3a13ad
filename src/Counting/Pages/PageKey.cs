namespace Counter.Counting.Pages;

/// <summary>One page of one site: what viewers look at.</summary>
/// <param name="Site">The embedding host: lower case, punycode, no default port, no leading <c>www.</c>.</param>
/// <param name="Path">The normalised path and query, beginning with a slash.</param>
/// <remarks>Made by <c>PageAddress</c>, the only place that normalises.</remarks>
[GenerateSerializer, Immutable, Alias("counter.PageKey")]
public readonly record struct PageKey(string Site, string Path)
{
    /// <summary>Site and path as one string, for people and logs at debug level.</summary>
    public override string ToString() => Site + Path;
}
