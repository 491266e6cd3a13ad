namespace Counter.Counting.Presence;

/// <summary>The probes of one view's streams.</summary>
internal sealed class ProbeState(View view)
{
    /// <summary>The view; null once it has closed, so that a probe that is planned keeps nothing.</summary>
    public View? View { get; set; } = view;

    /// <summary>The stream whose probe was not confirmed yet; null when none is under way.</summary>
    public PresenceStream? UnderWay { get; set; }

    /// <summary>When the last one was asked for, as a timestamp.</summary>
    public long AskedAt { get; set; } = long.MinValue;

    /// <summary>When the last one was written, as a timestamp.</summary>
    public long WrittenAt { get; set; } = long.MinValue;

    /// <summary>Why the last one was asked for.</summary>
    public ProbeGround Ground { get; set; }

    /// <summary>When the next is due, as a timestamp; <see cref="long.MaxValue"/> for never.</summary>
    public long DueAt { get; set; } = long.MaxValue;

    /// <summary>Why the next is due.</summary>
    public ProbeGround DueFor { get; set; }

    /// <summary>When the last was asked for, or will be soon; as a timestamp.</summary>
    public long LastAt => DueAt != long.MaxValue ? DueAt : AskedAt;
}
