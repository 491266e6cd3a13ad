using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Streaming;

/// <content>Streams that show several numbers.</content>
internal sealed partial class Feeds
{
    /// <summary>Shows several numbers on one stream until the stream ends. Counts the stream's visitor meanwhile, if it has one.</summary>
    /// <param name="shows">The numbers, all of one site.</param>
    /// <param name="origin">The visitor, and a page whose number is shown. Null for a stream that counts nobody.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="draw">Makes a frame of the numbers that it has to show, in their order. The others are null.</param>
    public async Task RunAsync(
        IReadOnlyList<CountKey> shows, StreamOrigin? origin, LiveStream stream, Func<IReadOnlyList<DisplayedCount?>, Frame> draw)
    {
        using var list = new NumberList(shows.Count, stream, draw, clock, options.Pace);
        var viewers = new List<FeedSubscriber>(shows.Count);
        StreamEntry? entry = null;
        metrics.StreamOpened();
        try
        {
            for (var i = 0; i < shows.Count; i++)
            {
                viewers.Add(Join(shows[i], list.Join));
            }

            var counted = origin is null ? null : viewers.Find(viewer => viewer.Feed.Key == CountKey.ForPage(origin.Page));
            entry = Enter(origin, counted ?? viewers[0], shows[0].Site);
            counted?.Entry = entry;
            viewers.ForEach(Begin);
            using var gone = stream.Aborted.UnsafeRegister(static stream => ((LiveStream)stream!).Close(), stream);
            await stream.Completion;
        }
        finally
        {
            stream.Close();
            Leave(viewers.ToArray(), entry);
        }
    }
}
