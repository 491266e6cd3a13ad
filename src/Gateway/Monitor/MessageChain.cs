using Counter.Gateway.Monitor.Sampling;

namespace Counter.Gateway.Monitor;

/// <summary>
/// What all watchers are told: a chain of messages that grows at its end. Each watcher goes along the chain at its own pace and
/// misses nothing, and each message is written once, however many there are.
/// </summary>
/// <remarks>
/// Not one slot where the newest wins, as for pictures: a sample that is skipped would be a gap in the charts for a quarter of
/// an hour. The chain itself keeps nothing: links that every watcher has passed are garbage. What bounds it is that a watcher who
/// falls behind is sent away (<see cref="IsFarBehind"/>) and begins anew with all samples.
/// </remarks>
internal sealed class MessageChain(SampleHistory history)
{
    private readonly Lock gate = new();
    private ReadOnlyMemory<byte>? busiest;
    private ReadOnlyMemory<byte>? gateways;
    private Link newest = new(0, 0, default);
    private (long Samples, ReadOnlyMemory<byte> Message) written;

    /// <summary>A sample was taken; its number says which.</summary>
    public void Publish(long number, in Sample sample)
    {
        var message = MonitorJson.Write(new SampleMessage(sample), MonitorJson.Default.SampleMessage);
        lock (gate)
        {
            Append(number, message);
        }
    }

    /// <summary>The busiest pages are others.</summary>
    public void Publish(BusiestMessage message)
    {
        lock (gate)
        {
            busiest = MonitorJson.Write(message, MonitorJson.Default.BusiestMessage);
            Append(newest.Samples, busiest.Value);
        }
    }

    /// <summary>The gateways are others, or are otherwise.</summary>
    public void Publish(GatewaysMessage message)
    {
        lock (gate)
        {
            gateways = MonitorJson.Write(message, MonitorJson.Default.GatewaysMessage);
            Append(newest.Samples, gateways.Value);
        }
    }

    /// <summary>Nobody watches, so what the cluster said is soon too old to tell anybody.</summary>
    public void Forget()
    {
        lock (gate)
        {
            busiest = gateways = null;
        }
    }

    /// <summary>What a new watcher is told first, and the link to go on from.</summary>
    public (IReadOnlyList<ReadOnlyMemory<byte>> First, Link From) Join()
    {
        lock (gate)
        {
            // A hundred watchers who come back at once after a restart get the same bytes.
            if (written.Message.IsEmpty || written.Samples != newest.Samples)
            {
                var message = new HistoryMessage(Environment.MachineName, SampleWriter.Header, history.Take(newest.Samples));
                written = (newest.Samples, MonitorJson.Write(message, MonitorJson.Default.HistoryMessage));
            }

            List<ReadOnlyMemory<byte>> first = [written.Message];
            if (gateways is { } known)
            {
                first.Add(known);
            }

            if (busiest is { } pages)
            {
                first.Add(pages);
            }

            return (first, newest);
        }
    }

    /// <summary>Whether so much was said since a link that it is better to begin anew.</summary>
    public bool IsFarBehind(Link link)
    {
        lock (gate)
        {
            return newest.Number - link.Number > Link.MostWaiting;
        }
    }

    private void Append(long samples, ReadOnlyMemory<byte> message)
    {
        var next = new Link(newest.Number + 1, samples, message);
        newest.Continue(next);
        newest = next;
    }
}

/// <summary>A message, and the way to the one after it.</summary>
internal sealed class Link(long number, long samples, ReadOnlyMemory<byte> message)
{
    /// <summary>How many messages a watcher may be behind: those of about half a minute.</summary>
    public const int MostWaiting = 50;

    private readonly TaskCompletionSource<Link> next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Rises by one from link to link; that of the first is 0.</summary>
    public long Number => number;

    /// <summary>How many samples were taken until then: a watcher that begins here has those already.</summary>
    public long Samples => samples;

    /// <summary>What to send, as it is; empty for the first link, which nobody is sent.</summary>
    public ReadOnlyMemory<byte> Message => message;

    /// <summary>The one after this, as soon as there is one.</summary>
    public Task<Link> Next => next.Task;

    /// <summary>There is one after this. Only once.</summary>
    public void Continue(Link link) => next.SetResult(link);
}
