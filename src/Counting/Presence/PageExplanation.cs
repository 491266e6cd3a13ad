namespace Counter.Counting.Presence;

/// <summary>Why the number of a page is what it is.</summary>
/// <param name="Page">What is known of the page.</param>
/// <param name="Probes">Whether probes work, by browser version; of all pages.</param>
[GenerateSerializer, Immutable, Alias("counter.PageExplanation")]
public sealed record PageExplanation(PagePresence Page, IReadOnlyList<BrowserProbes> Probes);
