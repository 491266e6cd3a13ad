using System.Collections.Concurrent;
using Counter.Grains.Messages;

namespace Counter.Grains.Changes;

/// <summary>Delivers batches to gateways in the silo's own process by a call, without polling and copying.</summary>
internal sealed class LocalReceivers : IChangeTransport
{
    private readonly ConcurrentDictionary<Guid, Action<ChangeBatch>> inboxes = [];

    public Task<IAsyncDisposable> SubscribeAsync(Guid inbox, Action<ChangeBatch> take)
    {
        inboxes[inbox] = take;
        return Task.FromResult<IAsyncDisposable>(new Subscription(inboxes, inbox));
    }

    public Task SendAsync(Guid inbox, ChangeBatch batch)
    {
        inboxes.GetValueOrDefault(inbox)?.Invoke(batch);
        return Task.CompletedTask;
    }

    private sealed class Subscription(ConcurrentDictionary<Guid, Action<ChangeBatch>> inboxes, Guid inbox) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            inboxes.TryRemove(inbox, out _);
            return ValueTask.CompletedTask;
        }
    }
}
