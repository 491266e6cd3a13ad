using Counter.Gateway.Frames;

namespace Counter.Gateway.Streaming;

/// <summary>The large picture of one stream: drawn aside, and always the newest number; those in between are left out.</summary>
/// <param name="find">Finds a frame that need not be drawn.</param>
/// <param name="drawings">Where the others are drawn.</param>
internal sealed class LargePicture(Func<DisplayedCount, Frame?> find, LargeDrawings drawings)
{
    private readonly Lock gate = new();

    // Set from when a drawing is asked for until there is nothing newer to draw: meanwhile nothing overtakes it.
    private DisplayedCount? wanted;

    /// <summary>Shows a number on a stream: at once when there is a frame of it, and else when it has been drawn.</summary>
    public void Show(FeedSubscriber viewer, DisplayedCount displayed)
    {
        lock (gate)
        {
            if (wanted is null && find(displayed) is { } frame)
            {
                viewer.Offer(frame);
                return;
            }

            var isWaiting = wanted is not null;
            wanted = displayed;
            if (isWaiting)
            {
                return;
            }
        }

        drawings.Add(viewer.Stream, () => Draw(viewer));
    }

    private void Draw(FeedSubscriber viewer)
    {
        DisplayedCount drawn;
        lock (gate)
        {
            drawn = wanted!.Value;
        }

        var frame = viewer.TryDraw(drawn);
        lock (gate)
        {
            if (frame is not null)
            {
                viewer.Offer(frame);
            }

            if (frame is null || wanted == drawn)
            {
                wanted = null;
                return;
            }
        }

        // The others first.
        drawings.Add(viewer.Stream, () => Draw(viewer));
    }
}
