
namespace Counter.Counting.Presence;

/// <summary>Whether the probes of each browser version work. Safe for concurrent use.</summary>
/// <remarks>
/// What makes a browser close a left page's stream is not documented, so another version may do otherwise. A probe has failed when its
/// stream closes by itself 55 to 62 s after the suspicion: until then the browser kept the page, and nothing had settled it.
/// </remarks>
/// <param name="clock">Tells the time.</param>
public sealed class ProbeRecord(TimeProvider clock)
{
    // Whoever asks says which browser it is, so there are only so many.
    private const int MostVersions = 100;

    private static readonly TimeSpan KeptAtLeast = TimeSpan.FromSeconds(55);
    private static readonly TimeSpan KeptAtMost = TimeSpan.FromSeconds(62);

    private readonly Lock gate = new();
    private readonly Dictionary<string, ProbedVersion> versions = [];

    /// <summary>What is noted of each version.</summary>
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

    /// <summary>Whether a view's browser does not do any more what its probes are for.</summary>
    internal bool HasFailed(View view)
    {
        lock (gate)
        {
            return BrowserOf(view) is { } browser && versions.GetValueOrDefault(browser) is { IsGivenUp: true };
        }
    }

    /// <summary>A view is suspected that is settled by padding.</summary>
    internal void Suspected(View view)
    {
        lock (gate)
        {
            Note(view);
        }
    }

    private void Note(View view)
    {
        if (view.FindProbed() is { Browser: { } browser } stream)
        {
            var version = FindOrAdd(browser);
            version.LastAt = clock.GetTimestamp();
            view.Outcome = new ProbeOutcome(version, stream.Network, version.LastAt);
        }
    }

    /// <summary>A view closed that may have been suspected before.</summary>
    /// <param name="view">The view.</param>
    /// <param name="changes">Gets the version when it is given up now, or works again.</param>
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

    /// <summary>Where there are too many, the one that nothing was noted of for longest is forgotten.</summary>
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
