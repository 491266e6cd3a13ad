using Counter.Counting.Play;

namespace Counter.Grains.Play;

/// <summary>One table, keyed by its name. See <see cref="Counting.Cluster.ITables"/>.</summary>
[Alias("counter.ITableGrain")]
internal interface ITableGrain : IGrainWithStringKey
{
    /// <summary>Starts the game.</summary>
    [Alias("Begin")]
    Task<TableState?> BeginAsync(TableRules rules, string ticket, ulong browser);

    /// <summary>The current state of the game.</summary>
    [Alias("Find")]
    Task<TableState?> FindAsync();

    /// <summary>Handles a page load with a ticket.</summary>
    [Alias("Open")]
    Task<TableVisit?> OpenAsync(string ticket, ulong browser, bool stays);

    /// <summary>Handles a click.</summary>
    [Alias("Click")]
    Task<TableAnswer?> ClickAsync(TableClick click);

    /// <summary>Applies a gateway's report of its viewers.</summary>
    [Alias("Report")]
    Task<TableState?> ReportAsync(TableReport report);

    /// <summary>Expires viewers and players that are due, and ends a game that nobody views.</summary>
    [Alias("Tick")]
    Task TickAsync();
}
