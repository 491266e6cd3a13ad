using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Counter.Counting.Webhooks;

/// <summary>The state of a message.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeliveryState>))]
public enum DeliveryState
{
    /// <summary>It is to be sent, now or again later.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>The receiver accepted it.</summary>
    [JsonStringEnumMemberName("delivered")]
    Delivered,

    /// <summary>It is not tried again.</summary>
    [JsonStringEnumMemberName("given up")]
    GivenUp,
}

/// <summary>One message of a webhook, with the state of its delivery.</summary>
/// <param name="Id">The same in every try, so that receivers recognise a message that they get twice.</param>
/// <param name="Type"><see cref="Rose"/>, <see cref="Fell"/> or <see cref="Test"/>.</param>
/// <param name="Page">The path of the page; null for the whole site.</param>
/// <param name="Viewers">The viewers when it was created.</param>
/// <param name="Over">The upper threshold when it was created.</param>
/// <param name="Under">The lower threshold when it was created.</param>
/// <param name="At">When it was created.</param>
public sealed record Delivery(string Id, string Type, string? Page, int Viewers, int Over, int Under, DateTimeOffset At)
{
    /// <summary>The type of a message about risen viewers.</summary>
    public const string Rose = "viewers.rose";

    /// <summary>The type of a message about fallen viewers.</summary>
    public const string Fell = "viewers.fell";

    /// <summary>The type of a test message that somebody requested.</summary>
    public const string Test = "viewers.test";

    /// <summary>How long a gateway claims a message: longer than a try takes, so that no other gateway sends it meanwhile.</summary>
    public static readonly TimeSpan Claim = TimeSpan.FromSeconds(30);

    /// <summary>The wait after each failed try.</summary>
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1),
    ];

    /// <summary>Its state.</summary>
    public DeliveryState State { get; init; }

    /// <summary>The number of tries, including one under way.</summary>
    public int Tries { get; init; }

    /// <summary>When it was last tried.</summary>
    public DateTimeOffset? TriedAt { get; init; }

    /// <summary>When to try next.</summary>
    public DateTimeOffset? NextAt { get; init; } = At;

    /// <summary>Until when a gateway claims it; null if none does.</summary>
    public DateTimeOffset? ClaimedUntil { get; init; }

    /// <summary>The HTTP status of the receiver's last response; null if there was none.</summary>
    public int? Status { get; init; }

    /// <summary>The reason why the last try failed, for people.</summary>
    public string? Error { get; init; }

    /// <summary>Whether a try is due.</summary>
    public bool IsDue(DateTimeOffset now) => State == DeliveryState.Pending && NextAt <= now && !(ClaimedUntil > now);

    /// <summary>A new message.</summary>
    public static Delivery New(string type, Webhook hook, int viewers, DateTimeOffset now) => new(
        "msg_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)), type, hook.Page, viewers, hook.Over, hook.Under, now);

    /// <summary>
    /// A gateway claims it and begins a try. The try counts from its beginning, so that a message that crashes every gateway is given up too.
    /// </summary>
    public Delivery Begin(DateTimeOffset now) => Tries <= LastTry
        ? this with { Tries = Tries + 1, TriedAt = now, ClaimedUntil = now + Claim }
        : GiveUp("The gateway stopped too often while it sent this.");

    /// <summary>The gateway stopped before the receiver responded. Another gateway may try at once.</summary>
    public Delivery Release() => this with { Tries = Tries - 1, ClaimedUntil = null };

    /// <summary>Ends the try.</summary>
    public Delivery End(Outcome outcome, DateTimeOffset now)
    {
        var ended = this with { ClaimedUntil = null, NextAt = null, Status = outcome.Status, Error = outcome.Error };
        return outcome.Error is null ? ended with { State = DeliveryState.Delivered }
            : Tries > LastTry || outcome.IsFinal ? ended with { State = DeliveryState.GivenUp }
            : ended with { NextAt = now + Waits[Tries - 1] };
    }

    /// <summary>Delays it until the receiver accepts messages again. A test is not delayed.</summary>
    public Delivery Hold(DateTimeOffset? until) =>
        State == DeliveryState.Pending && Type != Test && NextAt < until ? this with { NextAt = until } : this;

    /// <summary>Gives it up, so that it is not tried again.</summary>
    public Delivery GiveUp(string why) => this with { State = DeliveryState.GivenUp, ClaimedUntil = null, NextAt = null, Error = why };

    // A test has one try, because somebody waits for its result.
    private int LastTry => Type == Test ? 0 : Waits.Length;
}

/// <summary>The result of a try.</summary>
/// <param name="Status">The HTTP status of the response; null if there was none.</param>
/// <param name="Error">The reason of the failure, for people; null if the receiver accepted the message.</param>
public sealed record Outcome(int? Status, string? Error)
{
    /// <summary>The pause that the receiver requests in the header <c>Retry-After</c>; null for none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the receiver wants no more messages.</summary>
    public bool IsFinal => Status == 410;
}
