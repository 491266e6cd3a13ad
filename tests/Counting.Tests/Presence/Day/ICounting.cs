namespace Counter.Counting.Tests.Presence.Day;

/// <summary>A way to get from open streams to the numbers that are shown.</summary>
internal interface ICounting
{
    Numbers Shown { get; }

    /// <summary>A stream opens. What is returned comes back when it closes.</summary>
    object Open(Picture picture);

    void Close(object opened);

    /// <summary>A quarter of a second has passed.</summary>
    void Tick();
}
