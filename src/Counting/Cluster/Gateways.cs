namespace Counter.Counting.Cluster;

/// <summary>The load of a gateway during the last second.</summary>
/// <param name="FramesPerSecond">Frames written to streams.</param>
/// <param name="BytesPerSecond">Bytes of those frames.</param>
/// <param name="Processor">The share of all processors of the machine that the process used, in per cent.</param>
/// <param name="Resident">Bytes of memory of the process.</param>
[GenerateSerializer, Immutable, Alias("counter.GatewayLoad")]
public sealed record GatewayLoad(double FramesPerSecond, double BytesPerSecond, double Processor, long Resident);

/// <summary>The state that a gateway reports.</summary>
/// <param name="Id">Identifies one run of one gateway process; the same as in its reports.</param>
/// <param name="Name">The machine or container that it runs on.</param>
/// <param name="Version">The version of the program.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="Streams">Its open streams.</param>
/// <param name="Viewers">The streams that count.</param>
/// <param name="Load">Its load; null before the first second, and from gateways that do not report it.</param>
/// <param name="IsWatched">Whether somebody watches the monitor there.</param>
[GenerateSerializer, Immutable, Alias("counter.GatewayState")]
public sealed record GatewayState(
    string Id, string Name, string Version, DateTimeOffset StartedAt, int Streams, int Viewers, GatewayLoad? Load = null, bool IsWatched = false);

/// <summary>The last state that the cluster received from a gateway.</summary>
/// <param name="State">The state.</param>
/// <param name="SeenAt">When it was received.</param>
[GenerateSerializer, Immutable, Alias("counter.GatewayStatus")]
public sealed record GatewayStatus(GatewayState State, DateTimeOffset SeenAt);

/// <summary>The numbers of the whole installation.</summary>
/// <param name="Viewers">The viewers of all pages now.</param>
/// <param name="Arrivals">All viewers that ever arrived.</param>
/// <param name="ActivePages">The pages that have viewers, or had some seconds ago.</param>
/// <param name="Pages">The known pages; the number may be some seconds old.</param>
/// <param name="Sites">The sites that are known or have settings.</param>
[GenerateSerializer, Immutable, Alias("counter.ClusterTotals")]
public sealed record ClusterTotals(int Viewers, long Arrivals, int ActivePages, int Pages, int Sites);
