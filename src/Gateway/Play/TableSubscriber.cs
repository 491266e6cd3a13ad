using Counter.Counting.Play;
using Counter.Gateway.Frames;
using Counter.Gateway.Play.Pictures;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Play;

/// <summary>Somebody who looks at a table, playing or not.</summary>
/// <param name="table">The table.</param>
/// <param name="ticket">The secret of a player; null for those who came to watch.</param>
/// <param name="stream">The open picture.</param>
/// <param name="draw">Makes the frame that shows a scene on this stream.</param>
internal sealed class TableSubscriber(TableBroadcast table, string? ticket, LiveStream stream, Func<Scene, Frame> draw) : Subscriber<TableState>(stream)
{
    // What becomes of the scene when the stream ends; null while it is open.
    private Func<Scene, Scene>? ending;

    /// <summary>The secret of a player; null for those who came to watch.</summary>
    public string? Ticket => ticket;

    /// <inheritdoc/>
    public override void End() => End(Scene.Stops);

    /// <summary>Ends the stream with a last picture.</summary>
    public void End(Func<Scene, Scene> last)
    {
        ending = last;
        End(table.State);
    }

    /// <inheritdoc/>
    protected override Frame Draw(TableState state) => draw(ending is null ? Scene.Of(state, ticket) : ending(Scene.Of(state, ticket)));
}
