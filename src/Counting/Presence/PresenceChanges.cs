using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>The effects of one event: the views to recount and the streams to probe and end. Data only; the host of the rules acts on it.</summary>
internal sealed class PresenceChanges
{
    private readonly List<View> touched = [];

    // Most events have none of these.
    private List<(PresenceStream Stream, ProbeGround Ground)>? probes;
    private List<PresenceStream>? ends;
    private List<ProbedVersion>? judged;
    private List<(PageKey Page, int Viewers)>? arrivals;

    /// <summary>The views that may have started or stopped counting.</summary>
    public IReadOnlyList<View> Touched => touched;

    /// <summary>The viewers that arrived, by page.</summary>
    public IReadOnlyList<(PageKey Page, int Viewers)> Arrivals => arrivals ?? [];

    /// <summary>Whether the number of visitors may have changed.</summary>
    public bool VisitorsChanged { get; set; }

    /// <summary>The streams to probe, with the reason.</summary>
    public IReadOnlyList<(PresenceStream Stream, ProbeGround Ground)> Probes => probes ?? [];

    public IReadOnlyList<PresenceStream> Ends => ends ?? [];

    /// <summary>The browser versions whose probes are given up now, or work again.</summary>
    public IReadOnlyList<ProbedVersion> Judged => judged ?? [];

    /// <summary>Marks a view that may have started or stopped counting. A view may be marked twice.</summary>
    public void Touch(View view) => touched.Add(view);

    /// <summary>Adds viewers that arrived on a page.</summary>
    public void AddArrivals(PageKey page, int viewers) => (arrivals ??= new(1)).Add((page, viewers));

    /// <summary>Adds a stream to probe. It may join another view, one that was never probed, before the turn ends.</summary>
    public void Probe(PresenceStream stream, ProbeGround ground) => (probes ??= new(1)).Add((stream, ground));

    /// <summary>Adds the view's streams to those to end.</summary>
    public void End(View view)
    {
        view.Ended = true;
        (ends ??= []).AddRange(view.Streams);
    }

    /// <summary>Adds a browser version whose probes are given up now, or work again.</summary>
    public void Judge(ProbedVersion version) => (judged ??= new(1)).Add(version);
}
