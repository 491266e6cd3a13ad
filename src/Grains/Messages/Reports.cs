namespace Counter.Grains.Messages;

/// <summary>What one gateway says about some of its pages, several sites in one message.</summary>
/// <param name="Gateway">The run of the gateway's process.</param>
/// <param name="Most">The most sites and pages of the cluster, as that gateway is set up.</param>
/// <param name="Sites">The sites, each once.</param>
[GenerateSerializer, Immutable, Alias("counter.GatewaySaid")]
internal sealed record GatewaySaid(
    [property: Id(0)] string Gateway, [property: Id(1)] MostCounted Most, [property: Id(2)] IReadOnlyList<SiteSaid> Sites);

/// <summary>How much is counted in all.</summary>
/// <param name="Sites">The most sites.</param>
/// <param name="Pages">The most pages of all sites.</param>
[GenerateSerializer, Immutable, Alias("counter.MostCounted")]
internal readonly record struct MostCounted([property: Id(0)] int Sites, [property: Id(1)] int Pages);

/// <summary>What a gateway says about the pages of one site.</summary>
/// <param name="Site">The site.</param>
/// <param name="MostPages">How many pages the site may have.</param>
/// <param name="Pages">The pages that changed, each once.</param>
/// <param name="Seen">What the gateway last heard of the whole site.</param>
[GenerateSerializer, Immutable, Alias("counter.SiteSaid")]
internal sealed record SiteSaid(
    [property: Id(0)] string Site, [property: Id(1)] int MostPages, [property: Id(2)] IReadOnlyList<PageSaid> Pages, [property: Id(3)] Seen Seen);

/// <summary>What a gateway says about one page, as in <see cref="Counting.Cluster.PageReport"/>.</summary>
/// <param name="Path">The path of the page.</param>
/// <param name="Opened">The report with which the gateway began to hold the page.</param>
/// <param name="Sequence">Rises with every report.</param>
/// <param name="Viewers">The viewers there.</param>
/// <param name="Arrivals">The viewers that came since <paramref name="Opened"/>.</param>
/// <param name="Seen">What the gateway last heard of the page.</param>
[GenerateSerializer, Immutable, Alias("counter.PageSaid")]
internal readonly record struct PageSaid(
    [property: Id(0)] string Path, [property: Id(1)] long Opened, [property: Id(2)] long Sequence, [property: Id(3)] int Viewers,
    [property: Id(4)] long Arrivals, [property: Id(5)] Seen Seen);

/// <summary>The total that a gateway last heard, and of which activation of the grain. A newer activation, which does not know yet what all gateways have, starts from there.</summary>
/// <param name="Activation">Names the activation; 0 when nothing was heard.</param>
/// <param name="Viewers">The viewers of all gateways.</param>
/// <param name="Version">The highest version that was heard; what has a lower one is taken for late, so a newer activation goes on after it.</param>
[GenerateSerializer, Immutable, Alias("counter.Seen")]
internal readonly record struct Seen([property: Id(0)] long Activation, [property: Id(1)] int Viewers, [property: Id(2)] long Version)
{
    /// <summary>The same with what was heard now.</summary>
    public Seen Hear(NumberTold told) => new(told.Activation, told.Viewers, Math.Max(Version, told.Version));

    /// <summary>Whether it tells an activation what it may not know: it is of another one, and this one is new.</summary>
    public bool IsNews(long activation, DateTimeOffset now, DateTimeOffset until) =>
        Activation != 0 && Activation != activation && Viewers > 0 && now < until;
}

/// <summary>The reply to a <see cref="GatewaySaid"/>.</summary>
/// <param name="Known">False when nothing was taken, because the gateway is not known.</param>
/// <param name="Sites">One for every site, in the same order.</param>
[GenerateSerializer, Immutable, Alias("counter.GatewayTold")]
internal sealed record GatewayTold([property: Id(0)] bool Known, [property: Id(1)] IReadOnlyList<SiteTold> Sites);

/// <summary>The reply to a <see cref="SiteSaid"/>.</summary>
/// <param name="Known">False when nothing was taken, because the gateway is not known.</param>
/// <param name="Total">The total of the site; null when nothing was taken of it.</param>
/// <param name="Pages">One for every page, in the same order; null for a page that was refused.</param>
[GenerateSerializer, Immutable, Alias("counter.SiteTold")]
internal sealed record SiteTold([property: Id(0)] bool Known, [property: Id(1)] NumberTold? Total, [property: Id(2)] IReadOnlyList<NumberTold?> Pages)
{
    /// <summary>The gateway is not known.</summary>
    public static SiteTold Unknown { get; } = new(false, null, []);

    /// <summary>The site is not counted.</summary>
    public static SiteTold Refused(SiteSaid said) => new(true, null, [.. said.Pages.Select(_ => (NumberTold?)null)]);
}

/// <summary>A total as gateways are told it.</summary>
/// <param name="Version">Rises with every change.</param>
/// <param name="Viewers">The viewers of all gateways.</param>
/// <param name="Activation">The activation that says so.</param>
[GenerateSerializer, Immutable, Alias("counter.NumberTold")]
internal readonly record struct NumberTold([property: Id(0)] long Version, [property: Id(1)] int Viewers, [property: Id(2)] long Activation);
