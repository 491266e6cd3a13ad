namespace Counter.Counting.Presence;

/// <summary>Explains the number of a page.</summary>
/// <param name="Page">The streams and views of the page.</param>
/// <param name="Probes">Whether probes work, by browser version, on all pages.</param>
[GenerateSerializer, Immutable, Alias("counter.PageExplanation")]
public sealed record PageExplanation(PageStreamCounts Page, IReadOnlyList<BrowserProbes> Probes);
