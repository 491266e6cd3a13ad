namespace Counter.Counting.Tests.Presence.Day;

/// <summary>How people get about.</summary>
/// <param name="Back">The share of steps that go back to the page before, where there is one.</param>
/// <param name="SecondTab">The share of steps that open a second tab, while there is one only.</param>
/// <param name="Sharing">The share of visitors behind an address that others with the same browser share.</param>
/// <param name="Crowd">Whether all are behind one address with one browser, some 200 at any time, until all have been there.</param>
internal sealed record Habits(double Back, double SecondTab, double Sharing, bool Crowd = false)
{
    /// <summary>Everybody goes forward in one tab; one in ten is behind a shared address.</summary>
    public static Habits Plain { get; } = new(0, 0, 0.1);

    /// <summary>
    /// Of navigations on the web one in ten on desktops and one in five on phones goes back or forward (web.dev/articles/bfcache);
    /// the rest is assumed.
    /// </summary>
    public static Habits Full { get; } = new(1.0 / 7, 1.0 / 20, 0.1);
}
