namespace Counter.Counting.Presence;

/// <summary>The probes of one view's streams.</summary>
internal sealed class ProbeState(View view)
{
    /// <summary>The view; null after it has closed, so that a planned probe does not keep it in memory.</summary>
    public View? View { get; set; } = view;

    /// <summary>The stream whose probe is not confirmed yet; null when no probe is under way.</summary>
    public PresenceStream? UnderWay { get; set; }

    /// <summary>When the last probe was requested, as a timestamp.</summary>
    public long AskedAt { get; set; } = long.MinValue;

    /// <summary>When the last probe was written, as a timestamp.</summary>
    public long WrittenAt { get; set; } = long.MinValue;

    /// <summary>The reason for the last probe.</summary>
    public ProbeGround Ground { get; set; }

    /// <summary>When the next probe is due, as a timestamp; <see cref="long.MaxValue"/> for never.</summary>
    public long DueAt { get; set; } = long.MaxValue;

    /// <summary>The reason for the next probe.</summary>
    public ProbeGround DueFor { get; set; }

    /// <summary>When the next probe is due, or else when the last one was requested, as a timestamp.</summary>
    public long LastAt => DueAt != long.MaxValue ? DueAt : AskedAt;
}
