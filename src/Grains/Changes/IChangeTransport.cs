using Counter.Grains.Messages;

namespace Counter.Grains.Changes;

/// <summary>Carries batches from silos to the inboxes of gateways. A batch may be lost: who listens notices.</summary>
internal interface IChangeTransport
{
    /// <summary>Has batches to an inbox taken, until what is returned is disposed.</summary>
    Task<IAsyncDisposable> SubscribeAsync(Guid inbox, Action<ChangeBatch> take);

    /// <summary>Sends a batch to an inbox.</summary>
    Task SendAsync(Guid inbox, ChangeBatch batch);
}
