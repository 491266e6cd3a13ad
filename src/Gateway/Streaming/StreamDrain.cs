using Counter.Gateway.Settings;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Streaming;

/// <summary>
/// Ends every stream properly before the server stops. Admits no new stream, then writes a last frame to each stream (muted, with <c>~</c>: no
/// longer live) and closes its body. The ends are spread over the drain time, so that clients do not all reconnect at once. Numbers are frozen
/// meanwhile, so all streams of a number end with the same one.
/// </summary>
/// <remarks>
/// The host calls this before it stops any service, so streams end while the server still writes. The reporter sends the last numbers after
/// this, and the cluster engine saves when it is disposed. A stream whose peer takes nothing is dropped after the write time-out, so this ends
/// at the latest one write time-out after the drain.
/// </remarks>
internal sealed partial class StreamDrain(
    IEnumerable<IStreamSource> sources, Feeds feeds, Admission admission, IOptions<StreamingOptions> options, TimeProvider clock,
    ILogger<StreamDrain> log)
    : IHostedLifecycleService
{
    private const int Slices = 50;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        admission.Close();
        feeds.Freeze();
        await EndStreamsAsync(cancellationToken);
    }

    private async Task EndStreamsAsync(CancellationToken cancellationToken)
    {
        var viewers = All();
        if (viewers.Length == 0)
        {
            return;
        }

        LogDraining(viewers.Length, options.Value.DrainSeconds);
        Random.Shared.Shuffle(viewers);
        try
        {
            foreach (var slice in viewers.Chunk((viewers.Length + Slices - 1) / Slices))
            {
                foreach (var viewer in slice)
                {
                    viewer.End();
                }

                await Task.Delay(options.Value.Drain / Slices, clock, cancellationToken);
            }

            // Streams that were admitted just before Close.
            viewers = All();
            foreach (var viewer in viewers)
            {
                viewer.End();
            }

            await Task.WhenAll(viewers.Select(viewer => viewer.Stream.Completion))
                .WaitAsync(options.Value.WriteTimeout, clock, cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            LogHurried(viewers.Count(viewer => !viewer.Stream.Completion.IsCompleted));
        }
    }

    private IViewerStream[] All() => [.. sources.SelectMany(source => source.Viewers)];

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping: {Streams} streams end within {Seconds} s.")]
    private partial void LogDraining(int streams, int seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Streams} streams did not take their last frame and are cut.")]
    private partial void LogHurried(int streams);
}
