using Counter.Counting.Play;

namespace Counter.Grains.Play;

/// <summary>One table; the key is its name. See <see cref="Counting.Cluster.ITables"/>.</summary>
[Alias("counter.ITableGrain")]
internal interface ITableGrain : IGrainWithStringKey
{
    /// <summary>Begins the game.</summary>
    [Alias("Begin")]
    Task<TableState?> BeginAsync(TableRules rules, string ticket, ulong browser);

    /// <summary>The game as it is now.</summary>
    [Alias("Find")]
    Task<TableState?> FindAsync();

    /// <summary>A page is opened with a ticket.</summary>
    [Alias("Open")]
    Task<TableVisit?> OpenAsync(string ticket, ulong browser, bool stays);

    /// <summary>Somebody presses something.</summary>
    [Alias("Click")]
    Task<TableAnswer?> ClickAsync(TableClick click);

    /// <summary>A gateway says who looks.</summary>
    [Alias("Report")]
    Task<TableState?> ReportAsync(TableReport report);

    /// <summary>Does what has come due.</summary>
    [Alias("Tick")]
    Task TickAsync();
}
