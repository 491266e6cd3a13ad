using Counter.Counting.Play;

namespace Counter.Counting.Cluster;

/// <summary>The tables of the game. All calls return null for a table that does not exist or has ended.</summary>
public interface ITables
{
    /// <summary>Creates a table.</summary>
    /// <param name="table">A name that nobody can guess.</param>
    /// <param name="rules">The rules of the table.</param>
    /// <param name="ticket">The secret of the player who sits down there.</param>
    /// <param name="browser">Identifies the browser.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Null when there are too many tables.</returns>
    ValueTask<TableState?> BeginAsync(string table, TableRules rules, string ticket, ulong browser, CancellationToken cancellationToken);

    /// <summary>The current state of a table.</summary>
    ValueTask<TableState?> FindAsync(string table, CancellationToken cancellationToken);

    /// <summary>A page is opened with a ticket.</summary>
    /// <param name="table">The table.</param>
    /// <param name="ticket">The ticket.</param>
    /// <param name="browser">Identifies the browser.</param>
    /// <param name="stays">Whether this shows that the player is there, because the page has no picture.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    ValueTask<TableVisit?> OpenAsync(string table, string ticket, ulong browser, bool stays, CancellationToken cancellationToken);

    /// <summary>Applies a click.</summary>
    ValueTask<TableAnswer?> ClickAsync(string table, TableClick click, CancellationToken cancellationToken);

    /// <summary>
    /// Reports who looks at a table through a gateway, every 5 s while somebody does. Changes are broadcast to the gateway meanwhile.
    /// </summary>
    ValueTask<TableState?> ReportAsync(string table, TableReport report, CancellationToken cancellationToken);
}
