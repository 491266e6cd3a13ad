using System.Collections.Concurrent;
using System.IO.Pipelines;
using Counter.Gateway.Links;
using Counter.Gateway.Relay.Pictures;
using Counter.Gateway.Streaming;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Relay.Elsewhere;

/// <summary>
/// Fetches the pictures of channels that are watched here and published elsewhere, straight from the gateway where they are: one
/// connection a channel, only while somebody here watches. To the channel it is a publisher like any other.
/// </summary>
/// <remarks>Whoever fetches slowly skips to the newest picture, as every watcher does.</remarks>
internal sealed partial class Fetching(
    RelayChannels channels, Sources sources, LinkKeeper keeper, LinkClient client, IOptions<RelayOptions> options, TimeProvider clock,
    ILogger<Fetching> log) : IStreamSource
{
    // A page that is loaded anew should not have to wait for a connection.
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPicture = TimeSpan.FromSeconds(2);

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
    public void Tend(StreamingOptions streaming)
    {
        foreach (var channel in channels.All)
        {
            if (sources.IsOutdone(channel.Name) && !fetches.ContainsKey(channel.Name))
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
            var watched = channels.Status(name) is { Watchers: > 0 };
            fetch.WantedAt = watched ? clock.GetTimestamp() : fetch.WantedAt;
            if (fetch.Running.IsCompleted || sources.Elsewhere(name) != fetch.Source || clock.GetElapsedTime(fetch.WantedAt) > Linger)
            {
                fetch.End.Cancel();
                fetches.TryRemove(KeyValuePair.Create(name, fetch));
            }
        }
    }

    private Fetch? Begin(Channel channel)
    {
        if (sources.Elsewhere(channel.Name) is not { } source)
        {
            return null;
        }

        lock (gate)
        {
            if (!fetches.TryGetValue(channel.Name, out var fetch))
            {
                fetches[channel.Name] = fetch = new Fetch(source, clock.GetTimestamp());
                fetch.Running = RunAsync(channel, fetch);
            }

            return fetch;
        }
    }

    private async Task RunAsync(Channel channel, Fetch fetch)
    {
        await Task.Yield();
        try
        {
            if (keeper.Find(fetch.Source.Gateway) is not { } gateway)
            {
                return;
            }

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
            fetch.First.TrySetResult();
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Pictures of a channel could not be fetched from another gateway: {Reason}")]
    private partial void LogFailed(string reason);

    private sealed class Fetch((string Gateway, Published Published) source, long wantedAt)
    {
        public (string Gateway, Published Published) Source { get; } = source;

        public long WantedAt { get; set; } = wantedAt;

        public CancellationTokenSource End { get; } = new();

        public TaskCompletionSource First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Publisher? Body { get; set; }

        public Task Running { get; set; } = Task.CompletedTask;
    }
}
