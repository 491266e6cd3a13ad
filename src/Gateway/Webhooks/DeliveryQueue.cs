using Counter.Counting.Webhooks;
using Counter.Gateway.Documents;
using Counter.Gateway.Operations;

namespace Counter.Gateway.Webhooks;

/// <summary>
/// Sends messages, at most two at once per webhook, so that no receiver delays another. The outboxes are the queue: a message without a
/// free place stays in its outbox.
/// </summary>
/// <remarks>
/// A receiver that hangs keeps a place until the sender's timeout. So a receiver that did not answer the last time gets a place only while
/// less than a quarter are taken, and one that was never called only while less than three quarters are. The rest is for receivers that answer.
/// At shutdown the queue begins nothing more. It cancels the attempts under way and releases their messages, so that another gateway or
/// the next run sends them. A killed gateway releases nothing: its messages are sent when their claims end. So a message may come twice,
/// with the same id.
/// </remarks>
internal sealed partial class DeliveryQueue(
    DocumentCache<Outbox> documents, OutboxStore outboxes, WebhookSettings settings, WebhookSender sender, FileDescriptors descriptors, CounterMetrics metrics,
    TimeProvider clock, ILogger<DeliveryQueue> log)
    : IDisposable
{
    private const int MostOfWebhook = 2;
    private const int MostPlaces = 256;

    // File descriptors per place: an attempt may try several addresses of its receiver at once, and the rest of the gateway needs some too.
    private const int DescriptorsEach = 8;

    private readonly int places = Math.Min(MostPlaces, descriptors.Spare / DescriptorsEach);
    private readonly Lock gate = new();
    private readonly Dictionary<string, (WebhookId Id, Task Task)> underWay = [];
    private readonly CancellationTokenSource stop = new();
    private bool isWaiting;

    /// <summary>Begins to send the due messages: first those to receivers that answer, and of these the longest due.</summary>
    public void SendDue()
    {
        var now = clock.GetUtcNow();
        var due = documents.Entries
            .Select(entry => (Id: WebhookId.Of(entry.Key), Outbox: entry.Value.Value))
            .SelectMany(w => w.Outbox.Deliveries.Where(d => d.IsDue(now)).Select(d => (w.Id, Delivery: d, Room: RoomFor(w.Outbox))))
            .OrderByDescending(message => message.Room).ThenBy(message => message.Delivery.NextAt);
        foreach (var (id, delivery, room) in due)
        {
            TrySend(id, delivery.Id, room, out _);
        }
    }

    /// <summary>Sends a message if there is a free place now.</summary>
    /// <param name="id">The webhook.</param>
    /// <param name="delivery">The message.</param>
    /// <param name="sending">Completes after the attempt.</param>
    /// <returns>False when there is no free place and the message is sent later.</returns>
    public bool TrySend(WebhookId id, string delivery, out Task sending) =>
        TrySend(id, delivery, RoomFor(documents.Entries.TryGetValue(id.ToString(), out var stored) ? stored.Value : null), out sending);

    /// <summary>Cancels the attempts under way, and waits until their messages are released.</summary>
    public async Task StopAsync()
    {
        // Not while holding the gate: a cancelled attempt may need it at once.
        await stop.CancelAsync();
        Task[] tasks;
        lock (gate)
        {
            tasks = [.. underWay.Values.Select(u => u.Task)];
        }

        await Task.WhenAll(tasks);
    }

    public void Dispose() => stop.Dispose();

    private int RoomFor(Outbox? outbox) => outbox?.Answers switch { true => places, false => places / 4, null => places * 3 / 4 };

    private bool TrySend(WebhookId id, string delivery, int room, out Task sending)
    {
        lock (gate)
        {
            if (underWay.TryGetValue(delivery, out var already))
            {
                // The message may be due again before this attempt has finished.
                isWaiting = true;
                sending = already.Task;
                return true;
            }

            if (stop.IsCancellationRequested || underWay.Count >= room || underWay.Values.Count(u => u.Id == id) >= MostOfWebhook)
            {
                isWaiting = true;
                sending = Task.CompletedTask;
                return false;
            }

            sending = Task.Run(() => SendAsync(id, delivery));
            underWay.Add(delivery, (id, sending));
            return true;
        }
    }

    private async Task SendAsync(WebhookId id, string delivery)
    {
        try
        {
            await TryAsync(id, delivery);
            await documents.RefreshAsync(CancellationToken.None);
            Finish(delivery);
        }
        catch (Exception e)
        {
            // The message is still in the outbox. It is sent again when its claim ends.
            LogFailed(e);
            lock (gate)
            {
                underWay.Remove(delivery);
            }
        }
    }

    private async Task TryAsync(WebhookId id, string delivery)
    {
        // The cached outbox may be old. Only the gateway that changes the stored outbox may send the message.
        var outbox = await outboxes.ChangeAsync(id, o => o.Begin(delivery, clock.GetUtcNow()), CancellationToken.None);
        if (outbox?.Find(delivery) is not { State: DeliveryState.Pending } message
            || await settings.FindAsync(id, CancellationToken.None) is not { Hook: { } hook })
        {
            return;
        }

        if (!hook.Active && message.Type != Delivery.Test)
        {
            await outboxes.ChangeAsync(id, o => o.Replace(delivery, d => d.GiveUp("The webhook was switched off.")), CancellationToken.None);
            return;
        }

        Outcome outcome;
        var begun = clock.GetTimestamp();
        try
        {
            outcome = await sender.SendAsync(id.Site, hook, message, stop.Token);
        }
        catch (OperationCanceledException)
        {
            await outboxes.ChangeAsync(id, o => o.Replace(delivery, d => d.Release()), CancellationToken.None);
            return;
        }

        metrics.WebhookTried(outcome, clock.GetElapsedTime(begun));
        await outboxes.ChangeAsync(id, o => o.End(delivery, outcome, clock.GetUtcNow()), CancellationToken.None);
        if (outcome.IsFinal)
        {
            await settings.SwitchOffAsync(id, hook.Url, CancellationToken.None);
        }
    }

    private void Finish(string delivery)
    {
        bool goOn;
        lock (gate)
        {
            underWay.Remove(delivery);
            goOn = isWaiting && !stop.IsCancellationRequested;
            isWaiting = false;
        }

        if (goOn)
        {
            SendDue();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A webhook's message could not be sent, or its result not stored. It is tried again.")]
    private partial void LogFailed(Exception exception);
}
