using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Streaming;

/// <summary>The exact bytes, frames and writes of an hour, without timing.</summary>
public sealed class ScriptedHourTests : IAsyncLifetime
{
    private const string Page = "http://example.com/a";
    private const int Minutes = 60;
    private const int RefreshesAMinute = 4;

    // The chunk's length in hexadecimal digits and the two line ends around the chunk.
    private const int ChunkOverhead = 3 + 2 + 2;

    // Long, so that an hour has few steps, and far less than a stream that takes nothing is given.
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(2.5);

    private static readonly TimeSpan BeforeRefresh = TimeSpan.FromSeconds(6);

    private static readonly int PartHeader = "\r\n--counter-frame\r\nContent-Type: image/png\r\n\r\n".Length;

    private RunningGateway gateway = null!;

    public async ValueTask InitializeAsync() => gateway = await RunningGateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task Each_change_is_one_frame_in_one_write()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The segments of a connection are counted by Linux.");
        using var watcher = await gateway.ViewAsync(Page, "/online.png?watch=1");
        await watcher.ReadPreambleAsync();
        await watcher.ReadFrameAsync();
        var (bytes, segments, frames, changes, expected) = (watcher.Received, watcher.Segments, 0, 0, 0L);
        RawClient? viewer = null;
        for (var minute = 0; minute < Minutes; minute++)
        {
            for (var refresh = 0; refresh < RefreshesAMinute; refresh++)
            {
                var again = watcher.ReadFrameAsync();
                await gateway.AdvanceUntilAsync(() => again.IsCompleted, Step, "the frame to be sent again");
                expected += SizeOf(await again);
                frames++;
            }

            var (change, count) = (watcher.ReadFrameAsync(), viewer is null ? 1 : 0);
            if (viewer is null)
            {
                viewer = await gateway.ViewAsync(Page);
            }
            else
            {
                viewer.Dispose();
                viewer = null;
            }

            await AdvanceUntilAsync(change);
            var frame = await change;
            Assert.Equal(await gateway.PreviewAsync($"n={count}"), frame);
            expected += SizeOf(frame);
            frames++;
            changes++;
        }

        viewer?.Dispose();
        Assert.Equal((Minutes, Minutes * (RefreshesAMinute + 1)), (changes, frames));
        Assert.Equal(expected, watcher.Received - bytes);
        Assert.Equal(frames, watcher.Segments - segments);
    }

    // Connections take real time. Meanwhile the clock must not reach the next refresh, which would send the old number again.
    private async Task AdvanceUntilAsync(Task change)
    {
        var end = gateway.Clock.GetUtcNow() + BeforeRefresh;
        await Wait.UntilAsync(
            () =>
            {
                gateway.Clock.Advance(gateway.Clock.GetUtcNow() < end ? TimeSpan.FromMilliseconds(100) : TimeSpan.Zero);
                return change.IsCompleted;
            },
            "the change");
    }

    private static int SizeOf(byte[] frame) => ChunkOverhead + frame.Length + PartHeader;
}
