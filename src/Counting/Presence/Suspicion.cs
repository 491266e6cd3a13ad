namespace Counter.Counting.Presence;

/// <summary>A view that was probably left although its stream is still open: it does not count while this lasts.</summary>
internal sealed class Suspicion(View view, View by, long raisedAt)
{
    public View View => view;

    /// <summary>The view that was opened, probably instead of this one. Null once that one has closed.</summary>
    public View? By { get; set; } = by;

    /// <summary>When it was raised, as a timestamp.</summary>
    public long RaisedAt => raisedAt;

    /// <summary>When it ends unless a view closes before, as a timestamp.</summary>
    public long EndsAt { get; set; }

    /// <summary>Whether it is over.</summary>
    public bool IsOver => view.Suspicion != this;
}
