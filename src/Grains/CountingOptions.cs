namespace Counter.Grains;

/// <summary>How silos count.</summary>
internal sealed record CountingOptions
{
    /// <summary>The grain storage that everything is kept in.</summary>
    public const string Storage = "counter";

    /// <summary>The stream provider of the inboxes.</summary>
    public const string Inboxes = "inboxes";

    /// <summary>How long a gateway keeps its viewers without renewing its lease.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How often what changed is stored at most, and so what a silo that is killed forgets of history, peaks, and arrivals of those who
    /// have left.
    /// </summary>
    public TimeSpan SaveInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often sites and presences compare what they know, since a silo that is gone has taken some of it with it; never, where there is one silo.</summary>
    public TimeSpan AskInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The time that the counting goes by. Orleans' own timers have another one.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The time that rounds and batches go by; the same but for tests that begin the rounds themselves.</summary>
    public TimeProvider Timers { get; init; } = TimeProvider.System;

    /// <summary>The time.</summary>
    public DateTimeOffset Now => Clock.GetUtcNow();
}
