using System.Collections.Concurrent;
using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Cluster;

/// <summary>What the cluster says of itself: totals that others changed, and those of numbers that somebody begins to look at.</summary>
internal sealed partial class Hints(ICluster cluster, Feeds feeds, Membership membership, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(5);

    // The newest of each number that came while it was not known whether our viewers are in it; what nobody looks at any more is forgotten.
    private readonly ConcurrentDictionary<CountKey, Total> waiting = [];

    /// <summary>Takes what the cluster tells, until it is cancelled.</summary>
    public async Task ListenAsync(CancellationToken cancellationToken)
    {
        feeds.Opened += key => _ = LookUpAsync(key, cancellationToken);
        var shown = new Shown(feeds, clock);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var total in cluster.ChangesAsync(shown.List, cancellationToken))
                {
                    Learn(total);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The gateway stops.
            }
            catch (Exception e)
            {
                // Hints speed things up; without them the replies to reports still come.
                Tell(e);
                await Task.Delay(BetweenAttempts, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Looks up again what the cluster did not answer when somebody began to look at it.</summary>
    public async Task LookUpUnknownAsync(CancellationToken cancellationToken)
    {
        foreach (var key in waiting.Keys.Where(key => feeds.Find(key) is null))
        {
            waiting.TryRemove(key, out _);
        }

        foreach (var feed in feeds.All.Where(feed => !feed.IsKnown).TakeWhile(_ => !cancellationToken.IsCancellationRequested))
        {
            await LookUpAsync(feed.Key, cancellationToken);
        }
    }

    /// <summary>A report was answered: what is newer than the answer and came before it has our viewers too.</summary>
    public void LearnWaiting(Feed feed)
    {
        if (waiting.TryRemove(feed.Key, out var total) && feeds.Audience.Included(feed.Key) is { } included)
        {
            feed.Learn(total, included);
        }
    }

    /// <summary>What the cluster knows of a number that nobody here looked at before.</summary>
    private async Task LookUpAsync(CountKey key, CancellationToken cancellationToken)
    {
        try
        {
            var status = await cluster.GetAsync(key, cancellationToken);
            Learn(new Total(key, 0, status.Viewers));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The gateway stops.
        }
        catch (Exception e)
        {
            // The reply to the next report brings it or, where nobody here adds to the number, the round after the next renewal.
            Tell(e);
        }
    }

    /// <summary>
    /// A total that is no answer to a report. Where it is not known whether our viewers are in it, as after a time in which the cluster
    /// did not hear us, it waits: those pages are about to be reported, and the answer says the same and more, unless this overtook it.
    /// </summary>
    private void Learn(Total total)
    {
        if (feeds.Find(total.Key) is not { } feed)
        {
            return;
        }

        if (feeds.Audience.Included(total.Key) is not { } included)
        {
            waiting.AddOrUpdate(total.Key, total, (_, other) => other.Version > total.Version ? other : total);

            // The answer may have come just now, and found nothing that waits.
            if (feeds.Audience.Included(total.Key) is not null)
            {
                LearnWaiting(feed);
            }
        }
        else if (included == 0 || membership.IsHeard)
        {
            feed.Learn(total, included);
        }
    }

    /// <summary>An engine that cannot be reached has said so itself, once.</summary>
    private void Tell(Exception exception)
    {
        if (exception is not ClusterUnavailableException)
        {
            LogFailed(exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cluster did not tell what changes elsewhere; trying again.")]
    private partial void LogFailed(Exception exception);
}
