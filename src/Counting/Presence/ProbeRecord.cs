namespace Counter.Counting.Presence;

/// <summary>Whether the probes of each browser version work. Not safe for concurrent use: <see cref="Presence"/> holds its lock.</summary>
/// <remarks>
/// What makes a browser close a left page's stream is not documented, so another version may do otherwise. A probe has failed when its
/// stream closes by itself 55 to 62 s after the suspicion: until then the browser kept the page, and nothing had settled it.
/// </remarks>
internal sealed class ProbeRecord(TimeProvider clock)
{
    // Whoever asks says which browser it is, so there are only so many.
    private const int MostVersions = 100;

    private static readonly TimeSpan KeptAtLeast = TimeSpan.FromSeconds(55);
    private static readonly TimeSpan KeptAtMost = TimeSpan.FromSeconds(62);

    private readonly Dictionary<string, ProbedVersion> versions = [];

    /// <summary>What is noted of each version.</summary>
    public IEnumerable<ProbedVersion> Versions => versions.Values;

    /// <summary>The version of a name; null when there are too many to note anything of another.</summary>
    public ProbedVersion? Find(string? browser)
    {
        if (browser is null || versions.TryGetValue(browser, out var version))
        {
            return browser is null ? null : versions[browser];
        }

        if (versions.Count >= MostVersions)
        {
            return null;
        }

        return versions[browser] = new ProbedVersion(browser);
    }

    /// <summary>Whether a view's browser does not do any more what its probes are for.</summary>
    public static bool HasFailed(View view) => VersionOf(view) is { IsGivenUp: true };

    /// <summary>A view is suspected that is settled by padding.</summary>
    public void Suspected(View view)
    {
        if (view.FindProbed() is { Version: { } version } stream)
        {
            view.Outcome = version.Add(stream.Network, clock.GetTimestamp());
        }
    }

    /// <summary>A view closed that may have been suspected before.</summary>
    /// <param name="view">The view.</param>
    /// <param name="version">The version of its browser.</param>
    /// <param name="changes">Gets the version when it is given up now, or works again.</param>
    public void Closed(View view, ProbedVersion? version, PresenceChanges changes)
    {
        if (view.Outcome is not { } outcome || version is null || view.Ended)
        {
            return;
        }

        var before = version.IsGivenUp;
        var since = clock.GetElapsedTime(outcome.SuspectedAt);
        if (since <= Presence.Unconfirmed && view.Probes is { WrittenAt: var written } && written >= outcome.SuspectedAt
            && clock.GetElapsedTime(written) <= Presence.Settled)
        {
            version.Worked(outcome);
        }
        else if (since >= KeptAtLeast && since <= KeptAtMost)
        {
            version.Failed(outcome);
        }

        if (version.IsGivenUp != before)
        {
            changes.Judge(version);
        }
    }

    private static ProbedVersion? VersionOf(View view)
    {
        foreach (var stream in view.Streams)
        {
            if (stream.Version is { } version)
            {
                return version;
            }
        }

        return null;
    }
}
