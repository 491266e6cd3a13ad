using System.Diagnostics.Metrics;
using Counter.Counting.Presence;

namespace Counter.Gateway.Cluster;

/// <summary>The gateway's metrics of viewers and probes.</summary>
internal static class PresenceMetrics
{
    /// <summary>Registers the viewers, pages and probes of this gateway.</summary>
    public static void Observe(PresenceClient presence, Meter meter)
    {
        meter.CreateObservableCounter(
            "counter.probes.sent", () => Probes(presence, count => count.Sent), "{probe}", "Probes, by reason and by what settles the stream.");
        meter.CreateObservableCounter(
            "counter.probes.closed", () => Probes(presence, count => count.Closed), "{probe}", "Probes of left pages, whose stream closed within 3 s.");
        meter.CreateObservableCounter(
            "counter.probes.postponed", () => Probes(presence, count => count.Postponed), "{probe}", "Probes over the budget, which waited for the periodic one.");
        meter.CreateObservableCounter(
            "counter.probes.failed", () => presence.Probes.Failures, "{probe}", "Probes that did not close the stream of a left page.");
        meter.CreateObservableUpDownCounter("counter.viewers.active", () => presence.Viewers, "{viewer}", "Streams that count.");
        meter.CreateObservableCounter("counter.joins", () => presence.Entered, "{viewer}", "Viewers that came to a page.");
        meter.CreateObservableCounter("counter.leaves", () => presence.Left, "{viewer}", "Viewers that left a page.");
        meter.CreateObservableUpDownCounter("counter.pages.active", () => presence.Pages, "{page}", "Pages with open streams on this gateway.");
    }

    private static IEnumerable<Measurement<long>> Probes(PresenceClient presence, Func<ProbeCount, long> read) =>
        presence.Probes.Counts.Read().Select(count => new Measurement<long>(
            read(count),
            new KeyValuePair<string, object?>("ground", count.Ground.ToString().ToLowerInvariant()),
            new KeyValuePair<string, object?>("settled_by", count.Settles.ToString().ToLowerInvariant())));
}
