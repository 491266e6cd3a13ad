using Counter.Counting.Cluster;
using Counter.Counting.History;
using Counter.Counting.Pages;

namespace Counter.Grains.Messages;

// The counter logic knows nothing of Orleans; these say how its types travel.

[GenerateSerializer, Immutable, Alias("counter.CountKey")]
internal readonly record struct SentCountKey([property: Id(0)] CountOf Of, [property: Id(1)] string Site, [property: Id(2)] string Path);

[GenerateSerializer, Immutable, Alias("counter.Total")]
internal readonly record struct SentTotal([property: Id(0)] CountKey Key, [property: Id(1)] long Version, [property: Id(2)] int Viewers);

[GenerateSerializer, Immutable, Alias("counter.CountStatus")]
internal readonly record struct SentCountStatus(
    [property: Id(0)] CountKey Key, [property: Id(1)] int Viewers, [property: Id(2)] int Peak, [property: Id(3)] DateTimeOffset? PeakAt,
    [property: Id(4)] long Arrivals, [property: Id(5)] DateTimeOffset? Since);

[GenerateSerializer, Immutable, Alias("counter.CountQuery")]
internal readonly record struct SentCountQuery(
    [property: Id(0)] CountOrder Order, [property: Id(1)] string Contains, [property: Id(2)] long? AfterValue, [property: Id(3)] string? AfterName,
    [property: Id(4)] int Most);

[GenerateSerializer, Immutable, Alias("counter.SiteStatus")]
internal readonly record struct SentSiteStatus([property: Id(0)] CountStatus Count, [property: Id(1)] int Pages);

[GenerateSerializer, Immutable, Alias("counter.ClusterTotals")]
internal readonly record struct SentClusterTotals(
    [property: Id(0)] int Viewers, [property: Id(1)] long Arrivals, [property: Id(2)] int ActivePages, [property: Id(3)] int Pages, [property: Id(4)] int Sites);

[GenerateSerializer, Immutable, Alias("counter.HistoryPoint")]
internal readonly record struct SentHistoryPoint(
    [property: Id(0)] DateTimeOffset Start, [property: Id(1)] int Peak, [property: Id(2)] double Mean, [property: Id(3)] long Arrivals);

[RegisterConverter]
internal sealed class CountKeyConverter : IConverter<CountKey, SentCountKey>
{
    public CountKey ConvertFromSurrogate(in SentCountKey sent) => new(sent.Of, sent.Site, sent.Path);

    public SentCountKey ConvertToSurrogate(in CountKey value) => new(value.Of, value.Site, value.Path);
}

[RegisterConverter]
internal sealed class TotalConverter : IConverter<Total, SentTotal>
{
    public Total ConvertFromSurrogate(in SentTotal sent) => new(sent.Key, sent.Version, sent.Viewers);

    public SentTotal ConvertToSurrogate(in Total value) => new(value.Key, value.Version, value.Viewers);
}

[RegisterConverter]
internal sealed class CountStatusConverter : IConverter<CountStatus, SentCountStatus>
{
    public CountStatus ConvertFromSurrogate(in SentCountStatus sent) => new(sent.Key, sent.Viewers, sent.Peak, sent.PeakAt, sent.Arrivals, sent.Since);

    public SentCountStatus ConvertToSurrogate(in CountStatus value) =>
        new(value.Key, value.Viewers, value.Peak, value.PeakAt, value.Arrivals, value.Since);
}

[RegisterConverter]
internal sealed class CountQueryConverter : IConverter<CountQuery, SentCountQuery>
{
    public CountQuery ConvertFromSurrogate(in SentCountQuery sent) =>
        new(sent.Order, sent.Contains, sent.AfterName is { } name ? new CountPlace(sent.AfterValue ?? 0, name) : null, sent.Most);

    public SentCountQuery ConvertToSurrogate(in CountQuery value) => new(value.Order, value.Contains, value.After?.Value, value.After?.Name, value.Most);
}

[RegisterConverter]
internal sealed class SiteStatusConverter : IConverter<SiteStatus, SentSiteStatus>
{
    public SiteStatus ConvertFromSurrogate(in SentSiteStatus sent) => new(sent.Count, sent.Pages);

    public SentSiteStatus ConvertToSurrogate(in SiteStatus value) => new(value.Count, value.Pages);
}

[RegisterConverter]
internal sealed class ClusterTotalsConverter : IConverter<ClusterTotals, SentClusterTotals>
{
    public ClusterTotals ConvertFromSurrogate(in SentClusterTotals sent) => new(sent.Viewers, sent.Arrivals, sent.ActivePages, sent.Pages, sent.Sites);

    public SentClusterTotals ConvertToSurrogate(in ClusterTotals value) => new(value.Viewers, value.Arrivals, value.ActivePages, value.Pages, value.Sites);
}

[RegisterConverter]
internal sealed class HistoryPointConverter : IConverter<HistoryPoint, SentHistoryPoint>
{
    public HistoryPoint ConvertFromSurrogate(in SentHistoryPoint sent) => new(sent.Start, sent.Peak, sent.Mean, sent.Arrivals);

    public SentHistoryPoint ConvertToSurrogate(in HistoryPoint value) => new(value.Start, value.Peak, value.Mean, value.Arrivals);
}
