namespace Counter.Counting.Tests.Presence.Day;

/// <summary>What a browser does with the streams of a page that is left: measured with real ones.</summary>
internal enum Browser
{
    /// <summary>Keeps them for 60.0 s unless it is probed, and takes them up again on “back”.</summary>
    Chromium,

    /// <summary>Closes them at the first frame after leaving; Firefox is sent one every second.</summary>
    Firefox,

    /// <summary>Closes them within 0.2 s.</summary>
    WebKit,
}
