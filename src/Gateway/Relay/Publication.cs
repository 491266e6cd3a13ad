using Counter.Counting;
using Counter.Counting.Cluster;
using Counter.Counting.Relay;

namespace Counter.Gateway.Relay;

/// <summary>Publishes a stream of this gateway to the cluster: only while other gateways want its pictures, and the newest one at a time.</summary>
/// <remarks>While the cluster does not answer, watchers at this gateway still see the pictures.</remarks>
internal sealed partial class Publication : IAsyncDisposable
{
    private static readonly TimeSpan UntilRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    private readonly Guid id = Guid.NewGuid();
    private readonly IRelay relay;
    private readonly Channel channel;
    private readonly Publisher body;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly CancellationTokenSource end = new();
    private readonly SerialWork sending;
    private volatile bool isWanted;
    private volatile ChannelPicture? newest;
    private ChannelPicture? sent;
    private Task following = Task.CompletedTask;

    /// <param name="relay">The channels of the cluster.</param>
    /// <param name="channel">The channel at this gateway.</param>
    /// <param name="body">The publisher. It is ended when another stream replaces it.</param>
    /// <param name="clock">Times the retries.</param>
    /// <param name="log">Logs when the cluster does not answer.</param>
    public Publication(IRelay relay, Channel channel, Publisher body, TimeProvider clock, ILogger log)
    {
        (this.relay, this.channel, this.body, this.clock, this.log) = (relay, channel, body, clock, log);
        sending = new SerialWork(SendAsync);
        body.Shown = Offer;
    }

    /// <summary>Begins the stream in the cluster, which ends any other stream of the channel.</summary>
    /// <returns>Completes when the cluster has answered, or after a second, so that watchers at this gateway need not wait.</returns>
    public async Task BeginAsync()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        following = FollowAsync(begun);
        await begun.Task.WaitAsync(UntilRetry, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Finishes the stream in the cluster. Its last picture stays.</summary>
    public async ValueTask DisposeAsync()
    {
        body.Shown = null;
        await end.CancelAsync();
        await following;
        try
        {
            using var timeout = new CancellationTokenSource(CallTimeout, clock);
            channel.Confirm(await relay.FinishAsync(channel.Name, id, newest, timeout.Token));
        }
        catch (Exception e)
        {
            LogUnreachable(channel.Name, e.Message);
        }

        end.Dispose();
    }

    private void Offer(ChannelPicture picture)
    {
        newest = picture;
        if (isWanted)
        {
            sending.Request();
        }
    }

    private async Task FollowAsync(TaskCompletionSource begun)
    {
        var hasBegun = false;
        while (!end.IsCancellationRequested)
        {
            var isKnown = await TryAsync(hasBegun ? aborted => relay.FollowAsync(channel.Name, id, isWanted, aborted) : BeginThereAsync);
            begun.TrySetResult();
            if (!isKnown)
            {
                await Task.Delay(UntilRetry, clock, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            hasBegun = true;
        }
    }

    private async ValueTask<PublicationState> BeginThereAsync(CancellationToken aborted)
    {
        // Is not cancelled when the stream ends at once: otherwise the cluster could begin the stream after its end.
        using var timeout = new CancellationTokenSource(CallTimeout, clock);
        await relay.BeginAsync(channel.Name, id, timeout.Token);
        return new PublicationState(IsCurrent: true, IsRemoved: false, IsWanted: false);
    }

    private async Task SendAsync()
    {
        if (newest is { } next && next != sent && await TryAsync(aborted => relay.PublishAsync(channel.Name, id, next, aborted)))
        {
            sent = next;
        }
    }

    /// <returns>False when the call should be retried later, or when the stream is no longer current.</returns>
    private async Task<bool> TryAsync(Func<CancellationToken, ValueTask<PublicationState>> ask)
    {
        try
        {
            var state = await ask(end.Token);
            Take(state);
            return state.IsCurrent;
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return true;
        }
        catch (Exception e)
        {
            LogUnreachable(channel.Name, e.Message);
            return false;
        }
    }

    private void Take(PublicationState state)
    {
        if (!state.IsCurrent)
        {
            isWanted = false;
            body.End(state.IsRemoved ? PublishEnd.Removed : PublishEnd.Replaced);
            return;
        }

        var begins = state.IsWanted && !isWanted;
        isWanted = state.IsWanted;
        if (begins)
        {
            // The pictures at other gateways are old.
            sent = null;
            sending.Request();
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Channel {Channel} did not answer: {Reason}")]
    private partial void LogUnreachable(string channel, string reason);
}
