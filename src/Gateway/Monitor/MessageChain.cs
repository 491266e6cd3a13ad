using Counter.Gateway.Monitor.Sampling;

namespace Counter.Gateway.Monitor;

/// <summary>
/// The messages to all watchers, as a linked list that grows at its end. Each watcher follows the list at its own pace and misses
/// nothing. Each message is serialized once for all watchers.
/// </summary>
/// <remarks>
/// A slot that keeps only the newest message, as for pictures, does not suffice: a skipped sample is a gap in the charts for a quarter
/// of an hour. The chain holds only its last link, so links that every watcher has passed are garbage. The memory is bounded because a
/// watcher that falls behind is disconnected (<see cref="IsFarBehind"/>) and starts again with all samples.
/// </remarks>
internal sealed class MessageChain(SampleHistory history)
{
    private readonly Lock gate = new();
    private ReadOnlyMemory<byte>? busiest;
    private ReadOnlyMemory<byte>? gateways;
    private Link newest = new(0, 0, default);
    private (long Samples, ReadOnlyMemory<byte> Message) written;

    /// <summary>Publishes a sample.</summary>
    /// <param name="number">The number of the sample in the history.</param>
    /// <param name="sample">The sample.</param>
    public void Publish(long number, in Sample sample)
    {
        var message = MonitorJson.Write(new SampleMessage(sample), MonitorJson.Default.SampleMessage);
        lock (gate)
        {
            Append(number, message);
        }
    }

    /// <summary>Publishes the busiest pages.</summary>
    public void Publish(BusiestMessage message)
    {
        lock (gate)
        {
            busiest = MonitorJson.Write(message, MonitorJson.Default.BusiestMessage);
            Append(newest.Samples, busiest.Value);
        }
    }

    /// <summary>Publishes the state of the gateways.</summary>
    public void Publish(GatewaysMessage message)
    {
        lock (gate)
        {
            gateways = MonitorJson.Write(message, MonitorJson.Default.GatewaysMessage);
            Append(newest.Samples, gateways.Value);
        }
    }

    /// <summary>Drops the last results of the cluster. While nobody watches they are not refreshed and soon too old to send.</summary>
    public void Forget()
    {
        lock (gate)
        {
            busiest = gateways = null;
        }
    }

    /// <summary>The first messages to a new watcher, and the link to continue from.</summary>
    public (IReadOnlyList<ReadOnlyMemory<byte>> First, Link From) Join()
    {
        lock (gate)
        {
            // A hundred watchers that reconnect at once after a restart share the same bytes.
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

    /// <summary>Whether so many messages follow a link that its watcher should reconnect instead.</summary>
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

/// <summary>A message, and the link to the next one.</summary>
internal sealed class Link(long number, long samples, ReadOnlyMemory<byte> message)
{
    /// <summary>The most messages that a watcher may be behind: those of about half a minute.</summary>
    public const int MostWaiting = 75;

    private readonly TaskCompletionSource<Link> next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Rises by one from link to link; 0 for the first.</summary>
    public long Number => number;

    /// <summary>The samples taken up to this link. A watcher that starts at this link has received them.</summary>
    public long Samples => samples;

    /// <summary>The bytes to send; empty for the first link, which is not sent.</summary>
    public ReadOnlyMemory<byte> Message => message;

    /// <summary>Completes with the next link when there is one.</summary>
    public Task<Link> Next => next.Task;

    /// <summary>Sets the next link. To be called once.</summary>
    public void Continue(Link link) => next.SetResult(link);
}
