using System.Text.Json;
using System.Text.Json.Serialization;
using Counter.Counting.Documents;

namespace Counter.Counting.Webhooks;

/// <summary>
/// The state of a webhook: what its receiver was last told, and the messages. It is one document, changed only if nobody else
/// changed it, so that a message is written once, and exactly one gateway sends it.
/// </summary>
public sealed record Outbox
{
    /// <summary>The least time between two messages.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>The longest that a receiver may have messages wait for it (<c>Retry-After</c>).</summary>
    public static readonly TimeSpan LongestHold = TimeSpan.FromHours(1);

    private const int MostDeliveries = 50;
    private const int MostTries = 20;

    private static readonly TimeSpan TestPause = TimeSpan.FromSeconds(10);

    /// <summary>Whether the receiver was last told that the viewers rose.</summary>
    public bool IsOver { get; init; }

    /// <summary>The page that <see cref="IsOver"/> is about; null for the whole site.</summary>
    public string? Page { get; init; }

    /// <summary>When the last message that was not a test was written.</summary>
    public DateTimeOffset? ToldAt { get; init; }

    /// <summary>Until when the receiver wants nothing; null when it never said so.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>The newest messages, oldest first.</summary>
    public IReadOnlyList<Delivery> Deliveries { get; init; } = [];

    /// <summary>Whether the receiver answered when it was last called; null when it never was.</summary>
    [JsonIgnore]
    public bool? Answers =>
        Deliveries.Where(d => (d.Status is not null || d.Error is not null) && d.TriedAt is not null).MaxBy(d => d.TriedAt) is { } last
            ? last.Status is not null
            : null;

    /// <summary>Reads it.</summary>
    public static Outbox Read(string json) => JsonSerializer.Deserialize<Outbox>(json, JsonSerializerOptions.Web)!;

    /// <summary>When the receiver is to be told of so many viewers; null when it is owed no message.</summary>
    public DateTimeOffset? OwedAt(Webhook hook, int viewers, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return IsOverNow(hook, viewers) == WasOver(hook) ? null : ToldAt + Pause > now ? ToldAt + Pause : now;
    }

    /// <summary>Writes the message that the receiver is owed; null when it is owed none yet.</summary>
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

    /// <summary>Writes a test; null when the last one was a moment ago.</summary>
    public Outbox? Test(Delivery test) =>
        Deliveries.Any(d => d.Type == Delivery.Test && test.At - d.At < TestPause) ? null : Add(test);

    /// <summary>One of the messages.</summary>
    public Delivery? Find(string delivery) => Deliveries.FirstOrDefault(d => d.Id == delivery);

    /// <summary>Takes a message to send it; null when it is not due, or another gateway has it.</summary>
    public Outbox? Begin(string delivery, DateTimeOffset now) =>
        Find(delivery)?.IsDue(now) == true ? Replace(delivery, d => d.Begin(now)) : null;

    /// <summary>A try is over. A receiver that asks for a pause gets it for all its messages; null when the message is no longer here.</summary>
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

    /// <summary>Changes one message; null when it is no longer here.</summary>
    public Outbox? Replace(string delivery, Func<Delivery, Delivery> change) => Find(delivery) is null
        ? null
        : this with { Deliveries = [.. Deliveries.Select(d => d.Id == delivery ? change(d) : d)] };

    /// <summary>Changes one that is stored, of which others change the same.</summary>
    /// <param name="id">Whose.</param>
    /// <param name="find">Reads its document.</param>
    /// <param name="tryChange">Stores it unless somebody else was faster.</param>
    /// <param name="change">Makes the new state of what there is now; null leaves it. Called again when somebody else was faster.</param>
    /// <returns>The new state; null when it was left as it is, or is gone.</returns>
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

        throw new IOException("Others changed the deliveries of a webhook all the time.");
    }

    /// <summary>What is stored; the oldest messages go where they would be too many or too long.</summary>
    public string Write()
    {
        var json = JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
        return json.Length <= IDocuments.LongestJson ? json : DropOldest().Write();
    }

    // What was said of another page says nothing of this one.
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

    // Those that still have to be sent stay longest.
    private Outbox DropOldest()
    {
        var oldest = Deliveries.FirstOrDefault(d => d.State != DeliveryState.Pending) ?? Deliveries[0];
        return this with { Deliveries = [.. Deliveries.Where(d => d != oldest)] };
    }
}
