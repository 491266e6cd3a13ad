using Counter.Gateway.Frames;

namespace Counter.Gateway.Streaming;

/// <content>What is shown when streams end.</content>
internal sealed partial class Feed
{
    private long? frozen;

    /// <summary>The number stays what it is, whatever happens. Only those who were shown none yet are shown it.</summary>
    public void Freeze()
    {
        var number = Number;
        lock (Gate)
        {
            frozen ??= number;
        }
    }

    /// <summary>Ends all streams properly, with one number: those that end first do not change it for the others.</summary>
    public void End()
    {
        var last = new DisplayedCount(Number, Live: false);
        foreach (var viewer in All())
        {
            viewer.End(last);
        }
    }
}
