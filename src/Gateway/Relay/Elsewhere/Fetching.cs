using System.Collections.Concurrent;
using System.IO.Pipelines;
using Counter.Counting.Cluster;
using Counter.Gateway.Links;
using Counter.Gateway.Relay.Pictures;
using Counter.Gateway.Streaming;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Relay.Elsewhere;

/// <summary>
/// Fetches the pictures of channels that are watched here and published elsewhere, straight from the gateway where they are: one
/// connection a channel, only while somebody here watches. To the channel it is a publisher like any other.
/// </summary>
/// <remarks>
/// Whoever fetches slowly skips to the newest picture, as every watcher does. What could not be fetched is asked for again, less and
/// less often, while somebody wants it; from another source at once.
/// </remarks>
internal sealed partial class Fetching(
    RelayChannels channels, Sources sources, LinkKeeper keeper, LinkClient client, IOptions<RelayOptions> options, TimeProvider clock,
    ILogger<Fetching> log) : IStreamSource
{
    // A page that is loaded anew should not have to wait for a connection.
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPicture = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstRest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Fetch> fetches = [];
    private readonly Lock gate = new();

    /// <inheritdoc/>
    public IEnumerable<IViewerStream> Viewers => [];

    /// <summary>Somebody looks at a channel: its pictures are fetched if they are elsewhere.</summary>
    /// <returns>Ends when the first has come, or soon.</returns>
    public async Task WantAsync(Channel channel)
    {
        if (Begin(channel) is { } fetch)
        {
            await fetch.First.Task.WaitAsync(FirstPicture, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A picture was published here, so none need be fetched.</summary>
    public void Release(Channel channel)
    {
        if (fetches.TryRemove(channel.Name, out var fetch))
        {
            fetch.End.Cancel();
            if (fetch.Body is { } body)
            {
                channel.Finish(body);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask TendAsync(StreamingOptions streaming)
    {
        foreach (var channel in channels.All)
        {
            if (sources.IsOutdone(channel.Name) && fetches.GetValueOrDefault(channel.Name) is null or { IsRunning: false })
            {
                channel.EndPublisher(PublishEnd.Replaced);
            }

            if (channel.Screen.Streams > 0)
            {
                Begin(channel);
            }
        }

        foreach (var (name, fetch) in fetches)
        {
            if (sources.Elsewhere(name) != fetch.Source || clock.GetElapsedTime(fetch.WantedAt) > Linger)
            {
                fetch.End.Cancel();
                fetches.TryRemove(KeyValuePair.Create(name, fetch));
            }
        }

        return ValueTask.CompletedTask;
    }

    private Fetch? Begin(Channel channel)
    {
        if (sources.Elsewhere(channel.Name) is not { } source)
        {
            return null;
        }

        lock (gate)
        {
            var known = fetches.GetValueOrDefault(channel.Name);
            var again = known?.Source == source;
            if (known is { IsRunning: true } || (again && clock.GetElapsedTime(known!.EndedAt) < known.Rest))
            {
                known.WantedAt = clock.GetTimestamp();
                return known;
            }

            if (keeper.Find(source.Gateway) is not { } gateway)
            {
                return null;
            }

            var fetch = fetches[channel.Name] = new Fetch(source, clock.GetTimestamp(), again ? known!.Failures : 0);
            fetch.Running = RunAsync(channel, gateway, fetch);
            return fetch;
        }
    }

    private async Task RunAsync(Channel channel, GatewayState gateway, Fetch fetch)
    {
        await Task.Yield();
        try
        {
            using var answer = await client.AskAsync(gateway, LinkEndpoints.Relay + channel.Name, fetch.End.Token);
            await using var stream = await answer.Content.ReadAsStreamAsync(fetch.End.Token);
            using var body = new Publisher(PipeReader.Create(stream), options.Value, clock, fetch.End.Token);
            fetch.Body = body;
            channel.Begin(body);
            try
            {
                await ReadAsync(channel, body, fetch);
            }
            finally
            {
                channel.Finish(body);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody watches any more, or a newer publisher took its place.
        }
        catch (Exception e)
        {
            LogFailed(e.Message);
        }
        finally
        {
            // Not all gateways and channels at the same moments.
            var rest = FirstRest * (1 << Math.Min(fetch.Failures++, 10));
            fetch.Rest = (rest < LongestRest ? rest : LongestRest) * (0.5 + (Random.Shared.NextDouble() / 2));
            fetch.EndedAt = clock.GetTimestamp();
            fetch.First.TrySetResult();
        }
    }

    private async Task ReadAsync(Channel channel, Publisher body, Fetch fetch)
    {
        var parts = new PartReader(body, boundary: null);
        while (await parts.ReadAsync(channels.MostBytes(channel.Name)) is { } file)
        {
            var (frame, size) = Picture.Check(file);
            channel.TryPublish(body, frame, size, channels.Pace(channel.Name));
            fetch.Failures = 0;
            fetch.First.TrySetResult();
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Pictures of a channel could not be fetched from another gateway: {Reason}")]
    private partial void LogFailed(string reason);

    private sealed class Fetch((string Gateway, Published Published) source, long wantedAt, int failures)
    {
        public (string Gateway, Published Published) Source { get; } = source;

        /// <summary>When somebody last wanted its pictures.</summary>
        public long WantedAt { get; set; } = wantedAt;

        /// <summary>How often in a row nothing came, with the fetches before this one.</summary>
        public int Failures { get; set; } = failures;

        public CancellationTokenSource End { get; } = new();

        public TaskCompletionSource First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Publisher? Body { get; set; }

        public Task Running { get; set; } = Task.CompletedTask;

        public bool IsRunning => !Running.IsCompleted;

        /// <summary>When it ended, and how long it is left at that. Written before <see cref="Running"/> ends.</summary>
        public long EndedAt { get; set; }

        public TimeSpan Rest { get; set; }
    }
}
