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
/// Collects the changes of the grains in this silo and sends them to the clients that show them, one batch for each client at most every
/// 50 ms. The work is therefore silos × gateways, however many pages change. Safe for concurrent use.
/// </summary>
/// <remarks>
/// A batch that cannot be sent is lost. The client detects the gap in the batch numbers. The pending changes are bounded: there is one
/// total for each number, and none for clients that do not listen.
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

        // Runs on the thread pool, because the batches must be sent outside the turn of the grain that published.
        pacing = new Coalescer(options.Timers, Pace, () => _ = Task.Run(() => Flush(beat: false)));
    }

    /// <summary>Publishes a changed number to a client that shows it. Does not wait.</summary>
    public void Publish(Guid client, CountUpdate total)
    {
        if (Traces.Current is { } cause)
        {
            total = total with { Trace = cause.Id };
        }

        Put(client, pending => pending.Put(total));
    }

    /// <summary>Publishes a command for a stream of a client.</summary>
    public void Publish(Guid client, SiteCommand command) => Put(client, pending => pending.Put(command));

    /// <summary>Publishes stored votes in a poll to every client, because any of them may show the poll.</summary>
    public void Publish(PollChange change)
    {
        foreach (var client in live.Listeners.Keys)
        {
            Put(client, pending => pending.Put(change));
        }
    }

    /// <summary>Publishes a changed table to a client that shows it.</summary>
    public void Publish(Guid client, TableChange change) => Put(client, pending => pending.Put(change));

    /// <summary>Sends a heartbeat to every client that listens, and removes the clients that have stopped listening.</summary>
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

    /// <summary>Sends the pending changes of one client. Changes that arrive while a batch is under way wait for the next one.</summary>
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

    [LoggerMessage(Level = LogLevel.Debug, Message = "Changes could not be sent to a gateway, which will detect the gap and resync.")]
    private partial void LogLost(Exception exception);
}
