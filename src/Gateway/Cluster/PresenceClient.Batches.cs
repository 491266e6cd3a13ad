using System.Diagnostics;
using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Counting.Presence;

namespace Counter.Gateway.Cluster;

/// <content>Sends the batches of sites.</content>
internal sealed partial class PresenceClient
{
    /// <summary>A total has not come in time.</summary>
    public event Action<CountKey>? Overdue;

    /// <summary>Sends the pending changes of a site.</summary>
    public void Send(string site)
    {
        if (!sites.TryGetValue(site, out var link))
        {
            return;
        }

        if (link.TryBegin())
        {
            // Ends when nothing is pending. Failed batches are sent again.
            _ = RunAsync(link);
        }
    }

    /// <summary>Checks the presence of every site. It may have restarted, or may have dropped this gateway.</summary>
    public void CheckAll(bool asksAll = false)
    {
        foreach (var (name, site) in sites)
        {
            site.Streams.Check(asksAll);
            Send(name);
        }
    }

    /// <summary>Records that the cluster answers.</summary>
    public void Connect()
    {
        isConnected = true;
        connection.TrySetResult();
    }

    /// <summary>Records that the cluster does not answer. Nothing is sent until it does.</summary>
    public void Disconnect()
    {
        isConnected = false;
        if (connection.Task.IsCompleted)
        {
            connection = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Waits until everything pending is sent, or cannot be.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        while (Volatile.Read(ref underWay) > 0 && isConnected && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private CountLimits LimitsOf(SiteConnection site)
    {
        var most = settings.Entries.GetValueOrDefault(site.Streams.Site)?.Value.Limits.Pages ?? limits.PagesPerSite;
        return site.Streams.Limits is { } known && known.PagesPerSite == most ? known : new CountLimits(limits.Sites, limits.Pages, most);
    }

    private async Task RunAsync(SiteConnection site)
    {
        Interlocked.Increment(ref underWay);
        var failures = 0;
        try
        {
            while (!end.IsCancellationRequested)
            {
                site.Streams.Limits = LimitsOf(site);
                if ((site.Streams.TakeAgain() ?? site.Streams.TakeBatch()) is not { } batch)
                {
                    Forget(site);
                    site.End();

                    // A change may have arrived just now, while this loop still counted as running.
                    if (!site.Streams.HasChanges || !site.TryBegin())
                    {
                        return;
                    }

                    continue;
                }

                var sent = Stopwatch.GetTimestamp();
                failures = await TrySendAsync(site, batch) ? 0 : failures + 1;
                if (failures > 0)
                {
                    await Task.Delay(FirstWait * (1 << Math.Min(failures - 1, 5)), clock, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    await connection.Task.WaitAsync(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
                else if (batch.Changes.Count > 1 && BetweenBatches - Stopwatch.GetElapsedTime(sent) is { Ticks: > 0 } rest)
                {
                    // When thousands open a page at once, most batches would hold about four changes. It is the time of the system: it decides only
                    // what goes together.
                    await Task.Delay(rest, TimeProvider.System, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
        catch (Exception e)
        {
            LogFailed(e);
            site.End();
        }
        finally
        {
            Interlocked.Decrement(ref underWay);
        }
    }

    /// <returns>False when the batch has to be sent again later.</returns>
    private async Task<bool> TrySendAsync(SiteConnection site, PresenceBatch batch)
    {
        overdue.Enqueue((clock.FromNow(soon), site, batch.Number));
        Arm();
        var started = clock.GetTimestamp();
        using var span = traced.Start("counter.report")?.SetTag("counter.streams", batch.Changes.Count);
        try
        {
            PresenceReply reply;
            await turns.WaitAsync(end.Token);
            try
            {
                reply = await cluster.SendAsync(site.Streams.Site, batch, end.Token).AsTask().WaitAsync(Again, clock, end.Token);
            }
            finally
            {
                turns.Release();
            }

            metrics.Reported(clock.GetElapsedTime(started));
            if (reply.Status == BatchStatus.UnknownGateway)
            {
                RenewalWanted?.Invoke();
                return false;
            }

            Answer(site, reply);
            return true;
        }
        catch (TimeoutException)
        {
            return true;
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception e)
        {
            if (e is not ClusterUnavailableException)
            {
                LogFailed(e);
            }

            Disconnect();
            MarkStale(site);
            RenewalWanted?.Invoke();
            return false;
        }
    }

    private void Forget(SiteConnection site)
    {
        lock (gate)
        {
            if (site.Streams.IsEmpty)
            {
                Count(site, 0);
                sites.TryRemove(KeyValuePair.Create(site.Streams.Site, site));
            }
        }
    }

    /// <summary>Marks the presence of a site as unanswered. Streams that wait for it get the known numbers.</summary>
    private void MarkStale(SiteConnection site)
    {
        if (!site.IsStale)
        {
            site.IsStale = true;
            Estimated?.Invoke(site.Streams.Shown);
        }
    }

    private void MarkOverdue()
    {
        while (overdue.TryPeek(out var next))
        {
            var wait = clock.GetElapsedTime(clock.GetTimestamp(), next.At);
            if (wait > TimeSpan.Zero)
            {
                timer.Change(wait, Timeout.InfiniteTimeSpan);
                return;
            }

            overdue.TryDequeue(out _);
            if (next.Site.Streams.TakeAgain()?.Number == next.Batch)
            {
                MarkStale(next.Site);
            }
            else
            {
                foreach (var total in next.Site.Streams.Awaited(next.Batch))
                {
                    Overdue?.Invoke(total);
                }
            }
        }

        Volatile.Write(ref isArmed, 0);
        if (!overdue.IsEmpty)
        {
            Arm();
        }
    }

    private void Arm()
    {
        if (Interlocked.Exchange(ref isArmed, 1) == 0)
        {
            timer.Change(soon, Timeout.InfiniteTimeSpan);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cluster did not accept a batch of opened and closed streams; trying again.")]
    private partial void LogFailed(Exception exception);
}
