using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Counting.Presence;

namespace Counter.Gateway.Cluster;

/// <content>What is sent, and when.</content>
internal sealed partial class PresenceClient
{
    /// <summary>A total was to be known by now.</summary>
    public event Action<CountKey>? Overdue;

    /// <summary>Sends what there is to say about a site.</summary>
    public void Send(string site)
    {
        if (!sites.TryGetValue(site, out var link))
        {
            return;
        }

        if (link.TryBegin())
        {
            // Ends when nothing is left to say. Whatever fails is tried again.
            _ = RunAsync(link);
        }
    }

    /// <summary>Asks the presence of every site what it has: it may have begun anew, or have been told that this gateway is gone.</summary>
    public void CheckAll(bool asksAll = false)
    {
        foreach (var (name, site) in sites)
        {
            site.Streams.Check(asksAll);
            Send(name);
        }
    }

    /// <summary>The cluster has answered.</summary>
    public void Connect()
    {
        isConnected = true;
        connection.TrySetResult();
    }

    /// <summary>The cluster does not answer: nothing is sent until it does.</summary>
    public void Disconnect()
    {
        isConnected = false;
        if (connection.Task.IsCompleted)
        {
            connection = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Waits until everything that was to be said is, or cannot be.</summary>
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

                    // Somebody may have come just now and seen that this was running.
                    if (!site.Streams.HasNews || !site.TryBegin())
                    {
                        return;
                    }

                    continue;
                }

                failures = await TrySendAsync(site, batch) ? 0 : failures + 1;
                if (failures > 0)
                {
                    await Task.Delay(FirstWait * (1 << Math.Min(failures - 1, 5)), clock, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    await connection.Task.WaitAsync(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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

    /// <returns>False when the batch is to be sent again after a while.</returns>
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

    /// <summary>The presence of a site does not answer: whoever waits for it is shown what is known.</summary>
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cluster did not take what opened and closed here; trying again.")]
    private partial void LogFailed(Exception exception);
}
