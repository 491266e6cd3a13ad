using Counter.Counting.History;

namespace Counter.Counting.Totals;

/// <summary>What is stored of a number. The viewers now are not: gateways report them again.</summary>
/// <param name="Peak">The most viewers at once.</param>
/// <param name="PeakAt">When that was; null when there never was one.</param>
/// <param name="Arrivals">The viewers that ever came.</param>
/// <param name="Since">When the first one came; null when none did.</param>
/// <param name="SeenAt">When it was last heard of.</param>
/// <param name="History">The past; null when nothing ever happened.</param>
public sealed record TallyState(
    int Peak, DateTimeOffset? PeakAt, long Arrivals, DateTimeOffset? Since, DateTimeOffset SeenAt, TimelineState? History);
