using System.Collections.Concurrent;
using Counter.Counting;
using Counter.Counting.Pages;
using Counter.Counting.Play;
using Counter.Counting.Polls;
using Counter.Grains.Gateways;
using Counter.Grains.Messages;
using Microsoft.Extensions.Logging;

namespace Counter.Grains.Changes;

/// <summary>
/// Collects the changes that the grains of this silo make and sends them on, one batch for each client that shows them, at most every
/// 50 ms: so the work is silos × gateways, however many pages change. Safe for concurrent use.
/// </summary>
/// <remarks>
/// A batch that cannot be sent is lost, and the gap in the numbers tells the client so. What waits is bounded: one total for each
/// number, and nothing is kept for clients that do not listen.
/// </remarks>
internal sealed partial class ChangeBroadcaster : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    private readonly IChangeTransport transport;
    private readonly LiveGateways live;
    private readonly ILogger<ChangeBroadcaster> log;
    private readonly string silo = Guid.NewGuid().ToString("N");
    private readonly ConcurrentDictionary<Guid, PendingChanges> clients = [];
    private readonly Coalescer pacing;

    public ChangeBroadcaster(IChangeTransport transport, LiveGateways live, CountingOptions options, ILogger<ChangeBroadcaster> log)
    {
        (this.transport, this.live, this.log) = (transport, live, log);

        // Not on the thread of the grain that published: the batches are to be sent outside of its turn.
        pacing = new Coalescer(options.Timers, Pace, () => _ = Task.Run(() => Flush(beat: false)));
    }

    /// <summary>A number that a client shows has changed. Does not wait for anyone.</summary>
    public void Publish(Guid client, CountUpdate total)
    {
        if (Traces.Current is { } cause)
        {
            total = total with { Trace = cause.Id };
        }

        Put(client, pending => pending.Put(total));
    }

    /// <summary>Something is to be done with a stream of a client.</summary>
    public void Publish(Guid client, SiteCommand command) => Put(client, pending => pending.Put(command));

    /// <summary>Votes in a poll were stored: every client is told, since any may show it.</summary>
    public void Publish(PollChange change)
    {
        foreach (var client in live.Listeners.Keys)
        {
            Put(client, pending => pending.Put(change));
        }
    }

    /// <summary>A table that is shown by a client has changed.</summary>
    public void Publish(Guid client, TableChange change) => Put(client, pending => pending.Put(change));

    /// <summary>Has every client that listens hear that this silo is there, and forgets those that do not listen any more.</summary>
    public void Beat() => _ = Task.Run(() => Flush(beat: true));

    public void Dispose() => pacing.Dispose();

    private void Put(Guid client, Action<PendingChanges> put)
    {
        if (live.Listeners.ContainsKey(client))
        {
            put(clients.GetOrAdd(client, _ => new PendingChanges()));
            pacing.Trigger();
        }
    }

    private void Flush(bool beat)
    {
        var listeners = live.Listeners;
        foreach (var (client, inbox) in listeners)
        {
            _ = SendAsync(clients.GetOrAdd(client, _ => new PendingChanges()), inbox, beat);
        }

        foreach (var client in clients.Keys.Where(c => !listeners.ContainsKey(c)))
        {
            clients.TryRemove(client, out _);
        }
    }

    /// <summary>Sends what waits for one client; while a batch is under way, what comes waits for the next one.</summary>
    private async Task SendAsync(PendingChanges pending, Guid inbox, bool beat)
    {
        if (!pending.TryBegin())
        {
            return;
        }

        try
        {
            while (pending.Take(silo, inbox, beat, live.IsWatched) is { } batch)
            {
                beat = false;
                await transport.SendAsync(inbox, batch);
            }
        }
        catch (Exception e)
        {
            LogLost(e);
        }
        finally
        {
            if (pending.End())
            {
                pacing.Trigger();
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Changes could not be sent to a gateway; it will notice and ask.")]
    private partial void LogLost(Exception exception);
}
