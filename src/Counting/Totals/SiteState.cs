namespace Counter.Counting.Totals;

/// <summary>What is stored of a site.</summary>
/// <param name="Site">The site.</param>
/// <param name="Total">The number of the whole site.</param>
/// <param name="Pages">The pages that were ever looked at.</param>
public sealed record SiteState(string Site, TallyState Total, IReadOnlyList<PageState> Pages);

/// <summary>What is stored of a page.</summary>
/// <param name="Path">The path of the page.</param>
/// <param name="Total">Its number.</param>
public sealed record PageState(string Path, TallyState Total);
