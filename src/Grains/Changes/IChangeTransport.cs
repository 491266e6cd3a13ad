using Counter.Grains.Messages;

namespace Counter.Grains.Changes;

/// <summary>Carries batches from silos to the inboxes of gateways. A batch may be lost. The receiver detects it.</summary>
internal interface IChangeTransport
{
    /// <summary>Subscribes to the batches of an inbox until the result is disposed.</summary>
    Task<IAsyncDisposable> SubscribeAsync(Guid inbox, Action<ChangeBatch> take);

    /// <summary>Sends a batch to an inbox.</summary>
    Task SendAsync(Guid inbox, ChangeBatch batch);
}
