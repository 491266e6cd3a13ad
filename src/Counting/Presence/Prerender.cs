namespace Counter.Counting.Presence;

/// <summary>A page that was loaded before anybody looks at it. It counts when the view before it is gone.</summary>
/// <param name="view">The prerendered view.</param>
/// <param name="after">The visitor's newest other view that counted; null when there was none.</param>
/// <param name="openedAt">When it was loaded, as a timestamp.</param>
internal sealed class Prerender(View view, View? after, long openedAt)
{
    public View View => view;

    /// <summary>The view that is looked at until this one is shown; null when there is none.</summary>
    public View? After { get; set; } = after;

    public long OpenedAt => openedAt;
}
