namespace Counter.Counting.Presence;

/// <summary>The suspicion that a view was left although its stream is still open. The view does not count until it ends.</summary>
internal sealed class Suspicion(View view, View by, long raisedAt)
{
    public View View => view;

    /// <summary>The view that was probably opened instead; null after that one has closed.</summary>
    public View? By { get; set; } = by;

    /// <summary>When it was raised, as a timestamp.</summary>
    public long RaisedAt => raisedAt;

    /// <summary>When it ends, unless a view closes before, as a timestamp.</summary>
    public long EndsAt { get; set; }

    public bool IsOver => view.Suspicion != this;
}
