using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>What one event changes: which views to count anew, and what to probe and end. Data only, so that whoever hosts the rules acts on it.</summary>
internal sealed class PresenceChanges
{
    private readonly List<View> touched = [];

    // Most events have none of these.
    private List<string>? sites;
    private List<(PresenceStream Stream, ProbeGround Ground)>? probes;
    private List<PresenceStream>? ends;
    private List<ProbedVersion>? judged;
    private List<(PageKey Page, int Viewers)>? arrivals;

    /// <summary>The views whose viewer may have come or gone.</summary>
    public IReadOnlyList<View> Touched => touched;

    /// <summary>The viewers that came to pages.</summary>
    public IReadOnlyList<(PageKey Page, int Viewers)> Arrivals => arrivals ?? [];

    /// <summary>The sites whose visitors changed.</summary>
    public IReadOnlyList<string> Sites => sites ?? [];

    /// <summary>The streams to probe, and why.</summary>
    public IReadOnlyList<(PresenceStream Stream, ProbeGround Ground)> Probes => probes ?? [];

    /// <summary>The streams to end.</summary>
    public IReadOnlyList<PresenceStream> Ends => ends ?? [];

    /// <summary>The browser versions that are given up now, or work again.</summary>
    public IReadOnlyList<ProbedVersion> Judged => judged ?? [];

    /// <summary>Whether the view counts may have changed. Twice is harmless.</summary>
    public void Touch(View view) => touched.Add(view);

    /// <summary>Viewers came to a page.</summary>
    public void Came(PageKey page, int viewers) => (arrivals ??= new(1)).Add((page, viewers));

    /// <summary>The site's visitors changed.</summary>
    public void VisitorsChanged(string site)
    {
        sites ??= [];
        if (!sites.Contains(site))
        {
            sites.Add(site);
        }
    }

    /// <summary>A stream is to be probed. It may join another view before the turn ends, one that was never probed.</summary>
    public void Probe(PresenceStream stream, ProbeGround ground) => (probes ??= new(1)).Add((stream, ground));

    /// <summary>The view's streams are to be ended.</summary>
    public void End(View view)
    {
        view.Ended = true;
        (ends ??= []).AddRange(view.Streams);
    }

    /// <summary>Whether a version's probes work has changed.</summary>
    public void Judge(ProbedVersion version) => (judged ??= new(1)).Add(version);
}
