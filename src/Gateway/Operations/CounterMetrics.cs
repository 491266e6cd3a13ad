using System.Diagnostics.Metrics;
using Counter.Counting.Polls;
using Counter.Counting.Webhooks;

namespace Counter.Gateway.Operations;

/// <summary>The gateway's metrics: the meter <c>Counter</c>, named by the conventions of OpenTelemetry.</summary>
/// <remarks>Sites, pages and addresses are never tags: they are unbounded, and some are private.</remarks>
internal sealed class CounterMetrics
{
    public const string MeterName = "Counter";

    private readonly Counter<long> dropped;
    private readonly Counter<long> refused;
    private readonly Counter<long> broken;
    private readonly Counter<long> refusedRequests;
    private readonly Counter<long> published;
    private readonly Counter<long> publishedBytes;
    private readonly Counter<long> unpublished;
    private readonly Counter<long> votes;
    private readonly Histogram<double> webhooks;
    private readonly Histogram<double> reports;
    private long streamsOpen;
    private long framesSent;
    private long bytesSent;
    private long framesSkipped;
    private long streamsDropped;

    public CounterMetrics(IMeterFactory factory)
    {
        Meter = factory.Create(MeterName);
        Meter.CreateObservableUpDownCounter("counter.streams.active", () => StreamsOpen, "{stream}", "Open streams.");
        Meter.CreateObservableCounter("counter.frames.sent", () => FramesSent, "{frame}", "Frames written to streams.");
        Meter.CreateObservableCounter("counter.frames.io", () => BytesSent, "By", "Bytes of the frames written, without the bytes around them.");
        Meter.CreateObservableCounter(
            "counter.frames.skipped", () => FramesSkipped, "{frame}", "Frames replaced by newer ones before a slow viewer took them.");
        dropped = Meter.CreateCounter<long>("counter.streams.dropped", "{stream}", "Streams the gateway cut, by reason.");
        refused = Meter.CreateCounter<long>("counter.streams.refused", "{request}", "Requests that got a still picture because of a limit, by limit.");
        broken = Meter.CreateCounter<long>("counter.requests.broken", "{request}", "Requests that are not valid HTTP.");
        refusedRequests = Meter.CreateCounter<long>("counter.requests.refused", "{request}", "Other requests refused because of a limit, by limit.");
        published = Meter.CreateCounter<long>("counter.relay.frames.published", "{frame}", "Pictures that publishers sent to the relay.");
        publishedBytes = Meter.CreateCounter<long>("counter.relay.frames.io", "By", "Bytes of those pictures.");
        unpublished = Meter.CreateCounter<long>("counter.relay.frames.refused", "{frame}", "Pictures the relay refused, by reason.");
        votes = Meter.CreateCounter<long>("counter.votes", "{vote}", "Votes, by result.");
        webhooks = Meter.CreateHistogram<double>("counter.webhook.duration", "s", "Time from a webhook's message to the receiver's answer, by outcome.");
        reports = Meter.CreateHistogram<double>("counter.report.duration", "s", "Time from a batch to the reply of the site's presence.");
    }

    /// <summary>The meter, for instruments of other classes.</summary>
    public Meter Meter { get; }

    public long StreamsOpen => Interlocked.Read(ref streamsOpen);

    /// <summary>The frames written since the start.</summary>
    public long FramesSent => Interlocked.Read(ref framesSent);

    /// <summary>The bytes of those frames, without the bytes around them.</summary>
    public long BytesSent => Interlocked.Read(ref bytesSent);

    /// <summary>The frames that newer ones replaced before they were written, since the start.</summary>
    public long FramesSkipped => Interlocked.Read(ref framesSkipped);

    /// <summary>The streams that the gateway cut, since the start.</summary>
    public long StreamsDropped => Interlocked.Read(ref streamsDropped);

    /// <summary>Registers the number of feeds of this gateway.</summary>
    public void ObserveFeeds(Func<int> numbers) =>
        Meter.CreateObservableUpDownCounter("counter.feeds.active", numbers, "{feed}", "Numbers that streams of this gateway show.");

    public void StreamOpened() => Interlocked.Increment(ref streamsOpen);

    public void StreamClosed() => Interlocked.Decrement(ref streamsOpen);

    public void FrameSent(int length)
    {
        Interlocked.Increment(ref framesSent);
        Interlocked.Add(ref bytesSent, length);
    }

    public void FrameSkipped() => Interlocked.Increment(ref framesSkipped);

    public void Dropped(string reason)
    {
        Interlocked.Increment(ref streamsDropped);
        dropped.Add(1, new KeyValuePair<string, object?>("reason", reason));
    }

    public void Refused(string limit) => refused.Add(1, new KeyValuePair<string, object?>("limit", limit));

    public void RequestBroken() => broken.Add(1);

    public void RequestRefused(string limit) => refusedRequests.Add(1, new KeyValuePair<string, object?>("limit", limit));

    /// <summary>Counts a picture of a publisher.</summary>
    public void Published(int length)
    {
        published.Add(1);
        publishedBytes.Add(length);
    }

    /// <summary>Counts a refused picture.</summary>
    /// <param name="status">The HTTP status that the publisher got.</param>
    public void Unpublished(int status) => unpublished.Add(1, new KeyValuePair<string, object?>("reason", status switch
    {
        StatusCodes.Status401Unauthorized => "key",
        StatusCodes.Status409Conflict => "taken",
        StatusCodes.Status413PayloadTooLarge => "size",
        StatusCodes.Status429TooManyRequests => "rate",
        StatusCodes.Status503ServiceUnavailable => "channels",
        _ => "broken",
    }));

    public void Voted(VoteEnd end) => votes.Add(1, new KeyValuePair<string, object?>("result", end switch
    {
        VoteEnd.Taken => "taken",
        VoteEnd.TooManyHere => "address",
        VoteEnd.Full => "ballots",
        VoteEnd.NoRoom => "polls",
        VoteEnd.Closed => "closed",
        VoteEnd.NotStored => "not_stored",
        _ => "unknown",
    }));

    /// <summary>Counts an attempt to send a webhook's message.</summary>
    public void WebhookTried(Outcome outcome, TimeSpan took) => webhooks.Record(took.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome switch
    {
        { Error: null } => "taken",
        { Status: not null } => "refused",
        _ => "unanswered",
    }));

    public void Reported(TimeSpan took) => reports.Record(took.TotalSeconds);
}
