using Counter.Counting.Play;

namespace Counter.Counting.Cluster;

/// <summary>The tables at which people play. All calls answer null for a table that there is not, or not any more.</summary>
public interface ITables
{
    /// <summary>Begins a table.</summary>
    /// <param name="table">A name that nobody can guess.</param>
    /// <param name="rules">How it is kept.</param>
    /// <param name="ticket">The secret of who sits down there.</param>
    /// <param name="browser">What tells the browser from others.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Null when there are too many tables.</returns>
    ValueTask<TableState?> BeginAsync(string table, TableRules rules, string ticket, ulong browser, CancellationToken cancellationToken);

    /// <summary>A table as it is now.</summary>
    ValueTask<TableState?> FindAsync(string table, CancellationToken cancellationToken);

    /// <summary>A page is opened with a ticket.</summary>
    /// <param name="table">The table.</param>
    /// <param name="ticket">The ticket.</param>
    /// <param name="browser">What tells the browser from others.</param>
    /// <param name="stays">Whether that shows that the player is there: the page has no picture.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<TableVisit?> OpenAsync(string table, string ticket, ulong browser, bool stays, CancellationToken cancellationToken);

    /// <summary>Somebody presses something.</summary>
    ValueTask<TableAnswer?> ClickAsync(string table, TableClick click, CancellationToken cancellationToken);

    /// <summary>Tells a table who looks at it through a gateway; every 5 s while somebody does. Changes are broadcast to the gateway meanwhile.</summary>
    ValueTask<TableState?> ReportAsync(string table, TableReport report, CancellationToken cancellationToken);
}
