using System.Collections.Concurrent;
using Counter.Counting;
using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Counting.Polls;
using Counter.Grains.Gateways;
using Counter.Grains.Hosting;
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
internal sealed partial class Outbox : IDisposable
{
    private const int TotalsAtOnce = 1000;
    private const int MostCommands = 10_000;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    private readonly IInboxTransport transport;
    private readonly LiveGateways live;
    private readonly ILogger<Outbox> log;
    private readonly string silo = Guid.NewGuid().ToString("N");
    private readonly ConcurrentDictionary<Guid, Letters> clients = [];
    private readonly Coalescer pacing;

    public Outbox(IInboxTransport transport, LiveGateways live, CountingOptions options, ILogger<Outbox> log)
    {
        (this.transport, this.live, this.log) = (transport, live, log);

        // Not on the thread of the grain that published: the batches are to be sent outside of its turn.
        pacing = new Coalescer(options.Timers, Pace, () => _ = Task.Run(() => Flush(beat: false)));
    }

    /// <summary>A number that a client shows has changed. Does not wait for anyone.</summary>
    public void Publish(Guid client, Total total)
    {
        if (Traces.Current is { } cause)
        {
            total = total with { Trace = cause.Id };
        }

        Put(client, letters => letters.Put(total));
    }

    /// <summary>Something is to be done with a stream of a client.</summary>
    public void Publish(Guid client, SiteCommand command) => Put(client, letters => letters.Put(command));

    /// <summary>Votes in a poll were stored: every client is told, since any may show it.</summary>
    public void Publish(PollChange change)
    {
        foreach (var client in live.Listeners.Keys)
        {
            Put(client, letters => letters.Put(change));
        }
    }

    /// <summary>Has every client that listens hear that this silo is there, and forgets those that do not listen any more.</summary>
    public void Beat() => _ = Task.Run(() => Flush(beat: true));

    public void Dispose() => pacing.Dispose();

    private void Put(Guid client, Action<Letters> put)
    {
        if (live.Listeners.ContainsKey(client))
        {
            put(clients.GetOrAdd(client, _ => new Letters()));
            pacing.Trigger();
        }
    }

    private void Flush(bool beat)
    {
        var listeners = live.Listeners;
        foreach (var (client, inbox) in listeners)
        {
            _ = SendAsync(clients.GetOrAdd(client, _ => new Letters()), inbox, beat);
        }

        foreach (var client in clients.Keys.Where(c => !listeners.ContainsKey(c)))
        {
            clients.TryRemove(client, out _);
        }
    }

    /// <summary>Sends what waits for one client; while a batch is under way, what comes waits for the next one.</summary>
    private async Task SendAsync(Letters letters, Guid inbox, bool beat)
    {
        if (!letters.TryBegin())
        {
            return;
        }

        try
        {
            var (totals, commands, polls) = letters.Take(TotalsAtOnce);
            while (totals.Length > 0 || commands.Length > 0 || polls.Length > 0 || beat)
            {
                beat = false;
                await transport.SendAsync(inbox, new InboxBatch(silo, letters.Next(inbox), totals, commands, polls));
                (totals, commands, polls) = letters.Take(TotalsAtOnce);
            }
        }
        catch (Exception e)
        {
            LogLost(e);
        }
        finally
        {
            if (letters.End())
            {
                pacing.Trigger();
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Changes could not be sent to a gateway; it will notice and ask.")]
    private partial void LogLost(Exception exception);

    /// <summary>What waits for one client.</summary>
    private sealed class Letters
    {
        private readonly Lock gate = new();
        private readonly Dictionary<CountKey, Total> waiting = [];
        private readonly Queue<SiteCommand> commands = [];
        private readonly Queue<PollChange> polls = [];
        private bool isSending;
        private Guid inbox;
        private long number;

        public void Put(Total total)
        {
            lock (gate)
            {
                if (!waiting.TryGetValue(total.Key, out var other) || other.Version <= total.Version)
                {
                    waiting[total.Key] = total;
                }
            }
        }

        public void Put(SiteCommand command)
        {
            lock (gate)
            {
                // A view counts again 10 s after a command that was lost.
                if (commands.Count < MostCommands)
                {
                    commands.Enqueue(command);
                }
            }
        }

        public void Put(PollChange change)
        {
            lock (gate)
            {
                // Polls are read every second as well.
                if (polls.Count < MostCommands)
                {
                    polls.Enqueue(change);
                }
            }
        }

        public (Total[] Totals, SiteCommand[] Commands, PollChange[] Polls) Take(int most)
        {
            lock (gate)
            {
                Total[] taken = [.. waiting.Values.Take(most)];
                foreach (var total in taken)
                {
                    waiting.Remove(total.Key);
                }

                SiteCommand[] asked = [.. commands];
                commands.Clear();
                PollChange[] changed = [.. polls];
                polls.Clear();
                return (taken, asked, changed);
            }
        }

        public bool TryBegin()
        {
            lock (gate)
            {
                return !isSending && (isSending = true);
            }
        }

        /// <summary>A batch is sent, or lost.</summary>
        /// <returns>Whether something waits.</returns>
        public bool End()
        {
            lock (gate)
            {
                isSending = false;
                return waiting.Count > 0 || commands.Count > 0 || polls.Count > 0;
            }
        }

        /// <summary>The number of the next batch to an inbox.</summary>
        public long Next(Guid to)
        {
            lock (gate)
            {
                (inbox, number) = (to, to == inbox ? number + 1 : 1);
                return number;
            }
        }
    }
}
