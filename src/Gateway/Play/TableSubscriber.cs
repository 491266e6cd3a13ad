using Counter.Counting.Play;
using Counter.Gateway.Frames;
using Counter.Gateway.Play.Pictures;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Play;

/// <summary>A viewer of a table: a player or a watcher.</summary>
/// <param name="table">The table.</param>
/// <param name="ticket">The secret of a player; null for a watcher.</param>
/// <param name="stream">The open stream.</param>
/// <param name="draw">Draws a scene for this stream.</param>
internal sealed class TableSubscriber(TableBroadcast table, string? ticket, LiveStream stream, Func<Scene, Frame> draw) : Subscriber<TableState>(stream)
{
    // Makes the last scene of the stream; null while it is open.
    private Func<Scene, Scene>? ending;

    /// <summary>The secret of a player; null for a watcher.</summary>
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
