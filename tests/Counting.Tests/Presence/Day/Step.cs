namespace Counter.Counting.Tests.Presence.Day;

/// <summary>What somebody does with a browser.</summary>
internal enum Deed
{
    /// <summary>Opens a page in the tab in front.</summary>
    Follow,

    /// <summary>Opens a page in a second tab and looks at that.</summary>
    FollowInSecondTab,

    /// <summary>Goes back to the page before in the tab in front.</summary>
    Back,

    /// <summary>Looks at the first tab again; the second stays open.</summary>
    LookAtFirstTab,

    /// <summary>Closes the second tab and looks at the first.</summary>
    CloseSecondTab,

    /// <summary>Closes the second tab, if there is one, and goes to another site in the first.</summary>
    LeaveSite,

    /// <summary>Closes the browser.</summary>
    CloseAll,
}

/// <summary>Somebody does something.</summary>
/// <param name="At">When, in milliseconds since the day began.</param>
/// <param name="Deed">What.</param>
/// <param name="Page">The page in front after it, -1 for none.</param>
/// <param name="Latency">Milliseconds until the page asks for its picture.</param>
internal readonly record struct Step(long At, Deed Deed, int Page, int Latency);

/// <summary>One visit to the site.</summary>
/// <param name="Person">Who.</param>
/// <param name="Address">What identifies them to the server; all people behind one address with one browser version share one.</param>
/// <param name="Browser">The browser.</param>
/// <param name="Steps">What happens, in order.</param>
internal sealed record Visit(int Person, ulong Address, Browser Browser, IReadOnlyList<Step> Steps);
