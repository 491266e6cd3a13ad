using Counter.Grains.Messages;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace Counter.Grains.Changes;

/// <summary>To gateways in other processes: an Orleans stream for each inbox.</summary>
internal sealed class InboxStreams(IServiceProvider services) : IInboxTransport
{
    /// <summary>The stream of an inbox.</summary>
    public static IAsyncStream<InboxBatch> Stream(IServiceProvider services, Guid inbox) =>
        services.GetRequiredKeyedService<IStreamProvider>(CountingOptions.Inboxes).GetStream<InboxBatch>(StreamId.Create("inbox", inbox));

    public async Task<IAsyncDisposable> SubscribeAsync(Guid inbox, Action<InboxBatch> take)
    {
        var handle = await Stream(services, inbox).SubscribeAsync((batch, _) =>
        {
            take(batch);
            return Task.CompletedTask;
        });
        return new Subscription(handle);
    }

    public Task SendAsync(Guid inbox, InboxBatch batch) => Stream(services, inbox).OnNextAsync(batch);

    private sealed class Subscription(StreamSubscriptionHandle<InboxBatch> handle) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await handle.UnsubscribeAsync();
    }
}
