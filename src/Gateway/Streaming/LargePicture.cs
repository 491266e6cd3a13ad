using Counter.Gateway.Frames;

namespace Counter.Gateway.Streaming;

/// <summary>The large picture of one stream, drawn in the background. Only the newest number is drawn; numbers in between are skipped.</summary>
/// <param name="find">Finds a frame that exists already.</param>
/// <param name="drawings">Draws the other frames.</param>
internal sealed class LargePicture(Func<DisplayedCount, Frame?> find, LargeDrawings drawings)
{
    private readonly Lock gate = new();

    // Set from the request of a drawing until there is no newer number to draw. Meanwhile no other frame overtakes the drawing.
    private DisplayedCount? wanted;

    /// <summary>Shows a number on a stream: at once when its frame exists, otherwise after it was drawn.</summary>
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

        // Queued again, so that the drawings of other streams come first.
        drawings.Add(viewer.Stream, () => Draw(viewer));
    }
}
