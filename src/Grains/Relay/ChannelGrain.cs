using Counter.Counting.Relay;
using Microsoft.Extensions.Hosting;

namespace Counter.Grains.Relay;

/// <inheritdoc cref="IChannelGrain"/>
/// <remarks>
/// It wraps a <see cref="ChannelState"/>. Each gateway that shows the channel waits in one call for the next picture, and gets only the newest.
/// The state is in memory only. When its silo is lost, publishing gateways announce their streams again.
/// </remarks>
[Reentrant]
[CollectionAgeLimit(Minutes = 2)]
internal sealed class ChannelGrain(CountingOptions options, IHostApplicationLifetime silo) : Grain, IChannelGrain
{
    // Less than half of the time after which a stream expires, and of Orleans' response timeout.
    private static readonly TimeSpan PollTimeout = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(2);

    private readonly ChannelState channel = new(options.Clock);
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task BeginAsync(Guid publication)
    {
        channel.Begin(publication);
        Changed();
        return Task.CompletedTask;
    }

    public async Task<PublicationState> FollowAsync(Guid publication, bool isWanted)
    {
        var state = channel.Renew(publication);
        Changed();
        var until = options.Now + PollTimeout;
        while (state.IsCurrent && state.IsWanted == isWanted && await WaitAsync(until))
        {
            state = channel.Renew(publication);
        }

        return channel.Renew(publication);
    }

    public Task<PublicationState> PublishAsync(Guid publication, ChannelPicture picture)
    {
        var state = channel.Publish(publication, picture);
        Changed();
        return Task.FromResult(state);
    }

    public Task<long> FinishAsync(Guid publication, ChannelPicture? last)
    {
        var version = channel.Finish(publication, last);
        Changed();
        return Task.FromResult(version);
    }

    public Task<long?> PutAsync(ChannelPicture picture)
    {
        var version = channel.Put(picture);
        Changed();
        return Task.FromResult(version);
    }

    public async Task<ChannelUpdate> WatchAsync(long after, bool waits)
    {
        channel.BeginAsking(after);
        Changed();
        try
        {
            var until = options.Now + (waits ? PollTimeout : OnItsWay);
            while (!channel.HasChanges(after) && (waits || channel.IsAwaited) && await WaitAsync(until))
            {
                channel.Expire();
            }

            if (channel.Expire())
            {
                Changed();
            }

            return channel.NewsAfter(after);
        }
        finally
        {
            channel.EndAsking();
            LeaveWhenEmpty();
        }
    }

    public Task RemoveAsync()
    {
        channel.Remove();
        Changed();
        return Task.CompletedTask;
    }

    /// <summary>Wakes all waiting calls. Each checks its own condition.</summary>
    private void Changed()
    {
        var before = changed;
        changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        before.SetResult();
        LeaveWhenEmpty();
    }

    /// <returns>False after the deadline.</returns>
    /// <exception cref="IOException">The silo stops. The caller calls again in a moment.</exception>
    private async Task<bool> WaitAsync(DateTimeOffset until)
    {
        var left = until - options.Now;
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        // A silo that stops waits for running calls, so they must end.
        await changed.Task.WaitAsync(left, options.Clock, silo.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return silo.ApplicationStopping.IsCancellationRequested ? throw new IOException("The silo stops.") : true;
    }

    /// <summary>Deactivates the grain of an empty channel: any request can name a channel that does not exist.</summary>
    private void LeaveWhenEmpty() => DelayDeactivation(channel.IsEmpty ? TimeSpan.Zero : Timeout.InfiniteTimeSpan);
}
