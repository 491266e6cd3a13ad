using Counter.Grains.Messages;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace Counter.Grains.Changes;

/// <summary>Delivers batches to gateways in other processes over an Orleans stream for each inbox.</summary>
internal sealed class ReceiverStreams(IServiceProvider services) : IChangeTransport
{
    /// <summary>The stream of an inbox.</summary>
    public static IAsyncStream<ChangeBatch> Stream(IServiceProvider services, Guid inbox) =>
        services.GetRequiredKeyedService<IStreamProvider>(CountingOptions.Inboxes).GetStream<ChangeBatch>(StreamId.Create("inbox", inbox));

    public async Task<IAsyncDisposable> SubscribeAsync(Guid inbox, Action<ChangeBatch> take)
    {
        var handle = await Stream(services, inbox).SubscribeAsync((batch, _) =>
        {
            take(batch);
            return Task.CompletedTask;
        });
        return new Subscription(handle);
    }

    public Task SendAsync(Guid inbox, ChangeBatch batch) => Stream(services, inbox).OnNextAsync(batch);

    private sealed class Subscription(StreamSubscriptionHandle<ChangeBatch> handle) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await handle.UnsubscribeAsync();
    }
}
