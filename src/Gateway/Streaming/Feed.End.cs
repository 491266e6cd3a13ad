using Counter.Gateway.Frames;

namespace Counter.Gateway.Streaming;

/// <content>The end of a feed's streams.</content>
internal sealed partial class Feed
{
    private long? frozen;

    /// <summary>Freezes the number. Only streams without a number get one after this.</summary>
    public void Freeze()
    {
        var number = Number;
        lock (Gate)
        {
            frozen ??= number;
        }
    }

    /// <summary>Ends all streams properly, all with one number. The first streams to end do not change it for the others.</summary>
    public void End()
    {
        var last = new DisplayedCount(Number, Live: false);
        foreach (var viewer in All())
        {
            viewer.End(last);
        }
    }
}
