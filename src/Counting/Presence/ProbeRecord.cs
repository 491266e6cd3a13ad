
namespace Counter.Counting.Presence;

/// <summary>Records whether the probes of each browser version work. Safe for concurrent use.</summary>
/// <remarks>
/// Browsers do not document what makes them close a left page's stream, so another version may differ. A probe has failed when its
/// stream closes by itself 55 to 62 s after the suspicion: the browser kept the page until then, and nothing settled it.
/// </remarks>
/// <param name="clock">Provides the time.</param>
public sealed class ProbeRecord(TimeProvider clock)
{
    // Clients choose the version that they send, so the number of versions is limited.
    private const int MostVersions = 100;

    private static readonly TimeSpan KeptAtLeast = TimeSpan.FromSeconds(55);
    private static readonly TimeSpan KeptAtMost = TimeSpan.FromSeconds(62);

    private readonly Lock gate = new();
    private readonly Dictionary<string, ProbedVersion> versions = [];

    /// <summary>The record of each version.</summary>
    public IReadOnlyList<BrowserProbes> Explain()
    {
        lock (gate)
        {
            return
            [
                .. versions.Values.Select(
                    version => new BrowserProbes(version.Browser, version.WorkedOfLast, version.FailedOfLast, version.Failures, version.IsGivenUp)),
            ];
        }
    }

    /// <summary>Whether the probes of a view's browser version are given up.</summary>
    internal bool HasFailed(View view)
    {
        lock (gate)
        {
            return BrowserOf(view) is { } browser && versions.GetValueOrDefault(browser) is { IsGivenUp: true };
        }
    }

    /// <summary>A view that is settled by padding is suspected.</summary>
    internal void Suspected(View view)
    {
        lock (gate)
        {
            Record(view);
        }
    }

    private void Record(View view)
    {
        if (view.FindProbed() is { Browser: { } browser } stream)
        {
            var version = FindOrAdd(browser);
            version.LastAt = clock.GetTimestamp();
            view.Outcome = new ProbeOutcome(version, stream.Network, version.LastAt);
        }
    }

    /// <summary>A view has closed. Records the outcome of its last suspicion, if there was one.</summary>
    /// <param name="view">The view.</param>
    /// <param name="changes">Receives the version when its probes are given up now, or work again.</param>
    internal void Closed(View view, PresenceChanges changes)
    {
        lock (gate)
        {
            Judge(view, changes);
        }
    }

    private void Judge(View view, PresenceChanges changes)
    {
        if (view.Outcome is not { } outcome || view.Ended)
        {
            return;
        }

        var before = outcome.Version.IsGivenUp;
        var since = clock.GetElapsedTime(outcome.SuspectedAt);
        var hasWorked = since <= SitePresence.Unconfirmed && view.Probes is { WrittenAt: var written } && written >= outcome.SuspectedAt
            && clock.GetElapsedTime(written) <= SitePresence.Settled;
        outcome.Version.Add(
            hasWorked ? ProbeResult.Worked : since >= KeptAtLeast && since <= KeptAtMost ? ProbeResult.Failed : ProbeResult.Other, outcome.Network);
        if (outcome.Version.IsGivenUp != before)
        {
            changes.Judge(outcome.Version);
        }
    }

    /// <summary>Finds or adds a version. If there are too many, the one whose last suspicion is oldest is removed.</summary>
    private ProbedVersion FindOrAdd(string browser)
    {
        if (!versions.TryGetValue(browser, out var version))
        {
            if (versions.Count >= MostVersions)
            {
                versions.Remove(versions.Values.MinBy(static known => known.LastAt)!.Browser);
            }

            versions[browser] = version = new ProbedVersion(browser);
        }

        return version;
    }

    private static string? BrowserOf(View view)
    {
        foreach (var stream in view.Streams)
        {
            if (stream.Browser is { } browser)
            {
                return browser;
            }
        }

        return null;
    }
}
