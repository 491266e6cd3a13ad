using System.Text.Json;
using System.Text.Json.Serialization;
using Counter.Counting.Documents;

namespace Counter.Counting.Webhooks;

/// <summary>
/// The state of a webhook: the last message and the deliveries. It is one document that is changed only if it has not changed meanwhile, so
/// that a message is created once and exactly one gateway sends it.
/// </summary>
public sealed record Outbox
{
    /// <summary>The least time between two messages.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>The longest pause that a receiver may request (<c>Retry-After</c>).</summary>
    public static readonly TimeSpan LongestHold = TimeSpan.FromHours(1);

    private const int MostDeliveries = 50;
    private const int MostTries = 20;

    private static readonly TimeSpan TestPause = TimeSpan.FromSeconds(10);

    /// <summary>Whether the last message was that the viewers rose.</summary>
    public bool IsOver { get; init; }

    /// <summary>The page of <see cref="IsOver"/>; null for the whole site.</summary>
    public string? Page { get; init; }

    /// <summary>When the last message other than a test was created.</summary>
    public DateTimeOffset? ToldAt { get; init; }

    /// <summary>Until when the receiver wants no messages; null if it never requested a pause.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>The newest messages, oldest first.</summary>
    public IReadOnlyList<Delivery> Deliveries { get; init; } = [];

    /// <summary>Whether the receiver responded to the last try; null if there was none.</summary>
    [JsonIgnore]
    public bool? Answers =>
        Deliveries.Where(d => (d.Status is not null || d.Error is not null) && d.TriedAt is not null).MaxBy(d => d.TriedAt) is { } last
            ? last.Status is not null
            : null;

    /// <summary>Reads a stored outbox.</summary>
    public static Outbox Read(string json) => JsonSerializer.Deserialize<Outbox>(json, JsonSerializerOptions.Web)!;

    /// <summary>When a message about a number of viewers is due; null if none is.</summary>
    public DateTimeOffset? OwedAt(Webhook hook, int viewers, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return IsOverNow(hook, viewers) == WasOver(hook) ? null : ToldAt + Pause > now ? ToldAt + Pause : now;
    }

    /// <summary>Adds the message that is due; null if none is due yet.</summary>
    public Outbox? Judge(Webhook hook, int viewers, DateTimeOffset now)
    {
        if (!(OwedAt(hook, viewers, now) <= now))
        {
            return null;
        }

        var isOver = IsOverNow(hook, viewers);
        return Add(Delivery.New(isOver ? Delivery.Rose : Delivery.Fell, hook, viewers, now).Hold(HeldUntil)) with
        {
            IsOver = isOver,
            Page = hook.Page,
            ToldAt = now,
        };
    }

    /// <summary>Adds a test; null if the last one was less than 10 s ago.</summary>
    public Outbox? Test(Delivery test) =>
        Deliveries.Any(d => d.Type == Delivery.Test && test.At - d.At < TestPause) ? null : Add(test);

    /// <summary>Finds a message by its id; null if there is none.</summary>
    public Delivery? Find(string delivery) => Deliveries.FirstOrDefault(d => d.Id == delivery);

    /// <summary>Claims a message to send it; null if it is not due or another gateway has claimed it.</summary>
    public Outbox? Begin(string delivery, DateTimeOffset now) =>
        Find(delivery)?.IsDue(now) == true ? Replace(delivery, d => d.Begin(now)) : null;

    /// <summary>Ends a try. A pause that the receiver requests holds for all its messages. Null if the message does not exist any more.</summary>
    public Outbox? End(string delivery, Outcome outcome, DateTimeOffset now)
    {
        var ended = Replace(delivery, d => d.End(outcome, now));
        if (ended is null || outcome.Error is null || outcome.RetryAfter is not { } asked)
        {
            return ended;
        }

        var until = now + (asked < LongestHold ? asked : LongestHold);
        return ended with { HeldUntil = until, Deliveries = [.. ended.Deliveries.Select(d => d.Hold(until))] };
    }

    /// <summary>Changes one message; null if it does not exist any more.</summary>
    public Outbox? Replace(string delivery, Func<Delivery, Delivery> change) => Find(delivery) is null
        ? null
        : this with { Deliveries = [.. Deliveries.Select(d => d.Id == delivery ? change(d) : d)] };

    /// <summary>Changes a stored outbox that others may change at the same time.</summary>
    /// <param name="id">The webhook.</param>
    /// <param name="find">Reads its document.</param>
    /// <param name="tryChange">Stores it unless it has changed since it was read.</param>
    /// <param name="change">Returns the new state; null for no change. Called again if the document has changed meanwhile.</param>
    /// <returns>The new state; null if it was not changed or does not exist any more.</returns>
    public static async Task<Outbox?> ChangeAsync(
        WebhookId id, Func<string, Task<Document?>> find, Func<DocumentChange, Task<bool>> tryChange, Func<Outbox, Outbox?> change)
    {
        ArgumentNullException.ThrowIfNull(find);
        ArgumentNullException.ThrowIfNull(tryChange);
        ArgumentNullException.ThrowIfNull(change);
        for (var i = 0; i < MostTries; i++)
        {
            if (await find(id.ToString()) is not { Json: { } json } now || change(Read(json)) is not { } next)
            {
                return null;
            }

            if (await tryChange(new DocumentChange(DocumentKind.Delivery, now.Id, next.Write(), now.Version)))
            {
                return next;
            }
        }

        throw new IOException("The deliveries of a webhook could not be changed, because others changed them at every try.");
    }

    /// <summary>Writes the outbox for the store. The oldest messages are dropped if the text is too long.</summary>
    public string Write()
    {
        var json = JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
        return json.Length <= IDocuments.LongestJson ? json : DropOldest().Write();
    }

    // The state of another page has no meaning for this one.
    private bool WasOver(Webhook hook) => IsOver && Page == hook.Page;

    private bool IsOverNow(Webhook hook, int viewers) => WasOver(hook) ? viewers > hook.Under || viewers >= hook.Over : viewers >= hook.Over;

    private Outbox Add(Delivery delivery)
    {
        var trimmed = this;
        while (trimmed.Deliveries.Count >= MostDeliveries)
        {
            trimmed = trimmed.DropOldest();
        }

        return trimmed with { Deliveries = [.. trimmed.Deliveries, delivery] };
    }

    // Pending messages are dropped last.
    private Outbox DropOldest()
    {
        var oldest = Deliveries.FirstOrDefault(d => d.State != DeliveryState.Pending) ?? Deliveries[0];
        return this with { Deliveries = [.. Deliveries.Where(d => d != oldest)] };
    }
}
