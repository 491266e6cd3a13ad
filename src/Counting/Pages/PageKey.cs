namespace Counter.Counting.Pages;

/// <summary>Identifies one page of one site.</summary>
/// <param name="Site">The embedding host: lower case, punycode, no default port, no leading <c>www.</c>.</param>
/// <param name="Path">The normalised path and query, beginning with a slash.</param>
/// <remarks><c>PageAddress</c> creates it and is the only place that normalises.</remarks>
[GenerateSerializer, Immutable, Alias("counter.PageKey")]
public readonly record struct PageKey(string Site, string Path)
{
    /// <summary>The site and path as one string, for people and for logs at debug level.</summary>
    public override string ToString() => Site + Path;
}
