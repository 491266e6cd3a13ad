using Counter.Counting.History;

namespace Counter.Counting.Totals;

/// <summary>The stored state of a tally. It does not have the current viewers, which are reported again.</summary>
/// <param name="Peak">The most viewers at once.</param>
/// <param name="PeakAt">When the peak was; null when there was no viewer yet.</param>
/// <param name="Arrivals">All viewers that ever arrived.</param>
/// <param name="Since">When the first viewer arrived; null when none did.</param>
/// <param name="SeenAt">When the number was last reported.</param>
/// <param name="History">The history; null when there was no viewer yet.</param>
public sealed record TallyState(
    int Peak, DateTimeOffset? PeakAt, long Arrivals, DateTimeOffset? Since, DateTimeOffset SeenAt, TimelineState? History);
