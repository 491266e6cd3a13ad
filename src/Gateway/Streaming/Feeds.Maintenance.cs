using Counter.Gateway.Settings;

namespace Counter.Gateway.Streaming;

/// <content>The maintenance of feeds.</content>
internal sealed partial class Feeds
{
    // After this time, maintenance yields the thread, which may be the only one.
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(5);

    /// <inheritdoc/>
    /// <remarks>A round skips feeds in which nothing can be due yet, and yields the thread between the others.</remarks>
    public async ValueTask MaintainAsync(StreamingOptions options)
    {
        var since = clock.GetTimestamp();
        foreach (var feed in rounds.Due())
        {
            var rests = TimeSpan.Zero;
            try
            {
                rests = feed.Maintain(options);
            }
            finally
            {
                if (feed.Streams > 0)
                {
                    rounds.Schedule(feed, rests);
                }
            }

            if (clock.GetElapsedTime(since) >= AtOnce)
            {
                await Task.Yield();
                since = clock.GetTimestamp();
            }
        }
    }
}
