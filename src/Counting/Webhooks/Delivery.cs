using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Counter.Counting.Webhooks;

/// <summary>What has become of a message.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeliveryState>))]
public enum DeliveryState
{
    /// <summary>It is sent now, or will be sent again.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>The receiver took it.</summary>
    [JsonStringEnumMemberName("delivered")]
    Delivered,

    /// <summary>It is not tried again.</summary>
    [JsonStringEnumMemberName("given up")]
    GivenUp,
}

/// <summary>One message of a webhook, and how far it has come.</summary>
/// <param name="Id">The same in every try, so that receivers know a message that came twice.</param>
/// <param name="Type"><see cref="Rose"/>, <see cref="Fell"/> or <see cref="Test"/>.</param>
/// <param name="Page">The path of the page; null for the whole site.</param>
/// <param name="Viewers">The viewers when it was written.</param>
/// <param name="Over">The threshold above, then.</param>
/// <param name="Under">The threshold below, then.</param>
/// <param name="At">When it was written.</param>
public sealed record Delivery(string Id, string Type, string? Page, int Viewers, int Over, int Under, DateTimeOffset At)
{
    /// <summary>The type of a message that viewers rose.</summary>
    public const string Rose = "viewers.rose";

    /// <summary>The type of a message that viewers fell.</summary>
    public const string Fell = "viewers.fell";

    /// <summary>The type of a message that somebody asked for to see that it comes.</summary>
    public const string Test = "viewers.test";

    /// <summary>How long a gateway has a message to itself: longer than a try takes, so that no other sends it meanwhile.</summary>
    public static readonly TimeSpan Claim = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait after each try that failed.</summary>
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1),
    ];

    /// <summary>What has become of it.</summary>
    public DeliveryState State { get; init; }

    /// <summary>How often it was tried; a try that is under way counts.</summary>
    public int Tries { get; init; }

    /// <summary>When it was last tried.</summary>
    public DateTimeOffset? TriedAt { get; init; }

    /// <summary>When to try next.</summary>
    public DateTimeOffset? NextAt { get; init; } = At;

    /// <summary>Until when a gateway has it to itself; null when none has.</summary>
    public DateTimeOffset? ClaimedUntil { get; init; }

    /// <summary>The HTTP status that the receiver answered last; null when it did not.</summary>
    public int? Status { get; init; }

    /// <summary>Why the last try failed, in words for people.</summary>
    public string? Error { get; init; }

    /// <summary>Whether it is time to try.</summary>
    public bool IsDue(DateTimeOffset now) => State == DeliveryState.Pending && NextAt <= now && !(ClaimedUntil > now);

    /// <summary>A new message.</summary>
    public static Delivery New(string type, Webhook hook, int viewers, DateTimeOffset now) => new(
        "msg_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)), type, hook.Page, viewers, hook.Over, hook.Under, now);

    /// <summary>
    /// A gateway takes it. The try counts from here, so that a message that is the end of every gateway is given up too.
    /// </summary>
    public Delivery Begin(DateTimeOffset now) => Tries <= LastTry
        ? this with { Tries = Tries + 1, TriedAt = now, ClaimedUntil = now + Claim }
        : GiveUp("The gateway ended while it sent this, too often.");

    /// <summary>The gateway stopped before the receiver answered; another goes on at once.</summary>
    public Delivery Release() => this with { Tries = Tries - 1, ClaimedUntil = null };

    /// <summary>The try is over.</summary>
    public Delivery End(Outcome outcome, DateTimeOffset now)
    {
        var ended = this with { ClaimedUntil = null, NextAt = null, Status = outcome.Status, Error = outcome.Error };
        return outcome.Error is null ? ended with { State = DeliveryState.Delivered }
            : Tries > LastTry || outcome.IsFinal ? ended with { State = DeliveryState.GivenUp }
            : ended with { NextAt = now + Waits[Tries - 1] };
    }

    /// <summary>The receiver wants nothing before a time. A test is sent now or not at all.</summary>
    public Delivery Hold(DateTimeOffset? until) =>
        State == DeliveryState.Pending && Type != Test && NextAt < until ? this with { NextAt = until } : this;

    /// <summary>It is not wanted any more.</summary>
    public Delivery GiveUp(string why) => this with { State = DeliveryState.GivenUp, ClaimedUntil = null, NextAt = null, Error = why };

    // Somebody waits for a test and sees how it went.
    private int LastTry => Type == Test ? 0 : Waits.Length;
}

/// <summary>How a try went.</summary>
/// <param name="Status">The HTTP status of the answer; null when there was none.</param>
/// <param name="Error">What was wrong, in words for people; null when the receiver took the message.</param>
public sealed record Outcome(int? Status, string? Error)
{
    /// <summary>How long the receiver wants nothing more, as its header <c>Retry-After</c> says; null when it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the receiver wants nothing more, ever.</summary>
    public bool IsFinal => Status == 410;
}
