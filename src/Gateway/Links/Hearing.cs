using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Counter.Counting.Cluster;
using Counter.Gateway.Relay.Elsewhere;

namespace Counter.Gateway.Links;

/// <summary>One other gateway and what is heard of it: asks it what happens there, and again whenever the link breaks.</summary>
/// <remarks>What was known holds for <see cref="Remember"/> after a link broke. Ends when it is disposed; then nothing is known.</remarks>
internal sealed partial class Hearing : IAsyncDisposable
{
    /// <summary>For how long a gateway that is not heard is believed what it said.</summary>
    public static readonly TimeSpan Remember = TimeSpan.FromSeconds(10);

    /// <summary>A link on which nothing comes for so long is broken.</summary>
    public static readonly TimeSpan Silence = 3 * Telling.Heartbeat;

    private const int LongestLine = 256 * 1024;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private readonly GatewayState gateway;
    private readonly LinkClient client;
    private readonly Sources sources;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly CancellationTokenSource end = new();
    private readonly Task running;

    // Held while the link comes up and while all is forgotten: a forgetting that is late never drops what a newer snapshot says.
    private readonly Lock gate = new();
    private ITimer? forget;
    private int links;
    private volatile bool isUp;

    public Hearing(GatewayState gateway, LinkClient client, Sources sources, TimeProvider clock, ILogger log)
    {
        (this.gateway, this.client, this.sources, this.clock, this.log) = (gateway, client, sources, clock, log);
        running = RunAsync(end.Token);
    }

    /// <summary>The gateway.</summary>
    public GatewayState Gateway => gateway;

    /// <summary>Whether the gateway is heard.</summary>
    public bool IsUp => isUp;

    /// <summary>Since when the cluster has not listed it; null while it does.</summary>
    public long? MissingSince { get; set; }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await running;
        if (forget is not null)
        {
            await forget.DisposeAsync();
        }

        ForgetAll();
        end.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        var reason = "";
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await HearAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                // Whatever it was, the next snapshot makes up for it.
                if (e.Message != reason)
                {
                    reason = e.Message;
                    LogDown(gateway.Name, reason);
                }
            }

            if (isUp)
            {
                (isUp, failures, reason) = (false, 0, "");
                var lost = links;
                forget = clock.CreateTimer(_ => Forget(lost), null, Remember, Timeout.InfiniteTimeSpan);
            }

            var wait = FirstWait * (1 << Math.Min(failures++, 10));
            await Task.Delay(wait < LongestWait ? wait : LongestWait, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task HearAsync(CancellationToken cancellationToken)
    {
        // Time without a sign of life ends the reading, whatever the network thinks of the connection.
        using var patience = new CancellationTokenSource(Silence, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        using var answer = await client.AskAsync(gateway, LinkEndpoints.Presence, either.Token);
        await using var body = await answer.Content.ReadAsStreamAsync(either.Token);
        var reader = PipeReader.Create(body);
        lock (gate)
        {
            isUp = true;
            links++;
            forget?.Dispose();
        }

        LogUp(gateway.Name);
        while (true)
        {
            var read = await reader.ReadAsync(either.Token);
            patience.CancelAfter(Silence);
            var rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                Take(rest.Slice(0, end));
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            if (rest.Length > LongestLine)
            {
                throw new JsonException("A gateway tells a line without an end.");
            }

            reader.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private void Take(ReadOnlySequence<byte> text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        var json = new Utf8JsonReader(text);
        var line = JsonSerializer.Deserialize(ref json, LinksJson.Default.NewsLine) ?? throw new JsonException("A gateway tells nothing.");
        if (line.ReadChannels() is { } channels)
        {
            sources.Hear(gateway.Id, channels);
        }
        else if (line.Say == NewsLine.Bye)
        {
            ForgetAll();
        }
    }

    /// <summary>The time after a lost link is over; without effect when there was another one since.</summary>
    private void Forget(int lost)
    {
        lock (gate)
        {
            if (lost == links)
            {
                ForgetAll();
            }
        }
    }

    private void ForgetAll()
    {
        sources.Forget(gateway.Id);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Gateway {Gateway} is heard.")]
    private partial void LogUp(string gateway);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Gateway {Gateway} is not heard: {Reason}")]
    private partial void LogDown(string gateway, string reason);
}
