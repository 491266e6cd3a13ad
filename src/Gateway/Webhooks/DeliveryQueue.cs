using Counter.Counting.Webhooks;
using Counter.Gateway.Documents;
using Counter.Gateway.Operations;

namespace Counter.Gateway.Webhooks;

/// <summary>
/// Sends messages, at most two at once of a webhook, so that no receiver holds up another. The outboxes are the queue: what finds
/// no room here stays there.
/// </summary>
/// <remarks>
/// A receiver that hangs keeps a place for as long as the courier is patient. However many do, the last places are left for those that
/// answered the last time, and some for those that were never called: who hangs once finds only the first ones from then on.
/// At shutdown: nothing more is begun, tries that are under way are broken off, and their messages are given back, so that the
/// next gateway or the next run sends them. A gateway that is killed gives nothing back; what it had is sent when its claim ends.
/// So a message may come twice, with the same id.
/// </remarks>
internal sealed partial class DeliveryQueue(
    DocumentCache<Outbox> documents, OutboxStore outboxes, WebhookSettings settings, WebhookSender sender, FileDescriptors descriptors, CounterMetrics metrics,
    TimeProvider clock, ILogger<DeliveryQueue> log)
    : IDisposable
{
    private const int MostOfWebhook = 2;
    private const int MostPlaces = 256;

    // Each may try several addresses of its receiver at once, and others need descriptors too.
    private const int DescriptorsEach = 8;

    private readonly int places = Math.Min(MostPlaces, descriptors.Spare / DescriptorsEach);
    private readonly Lock gate = new();
    private readonly Dictionary<string, (WebhookId Id, Task Task)> underWay = [];
    private readonly CancellationTokenSource stop = new();
    private bool isWaiting;

    /// <summary>Begins with what is due: first what goes to receivers that answer, and of that the longest due.</summary>
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

    /// <summary>Sends a message if there is room for it now.</summary>
    /// <param name="id">The webhook.</param>
    /// <param name="delivery">The message.</param>
    /// <param name="sending">Ends when it was tried.</param>
    /// <returns>False when there is no room, and it is sent later.</returns>
    public bool TrySend(WebhookId id, string delivery, out Task sending) =>
        TrySend(id, delivery, RoomFor(documents.Entries.TryGetValue(id.ToString(), out var stored) ? stored.Value : null), out sending);

    /// <summary>Breaks off what is under way, and waits until it has been given back.</summary>
    public async Task StopAsync()
    {
        // Not while holding the gate: whoever is broken off may need it at once.
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
                // It may be due again before this try is quite over.
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
            // The message is in the outbox; it is sent again when the claim has ended.
            LogFailed(e);
            lock (gate)
            {
                underWay.Remove(delivery);
            }
        }
    }

    private async Task TryAsync(WebhookId id, string delivery)
    {
        // What the book says may be old: only whoever changes the outbox has the message.
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "A webhook's message could not be sent, or not what became of it stored; it is tried again.")]
    private partial void LogFailed(Exception exception);
}
