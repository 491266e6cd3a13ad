namespace Counter.Counting.Play;

/// <summary>The rules of a table.</summary>
/// <param name="Grace">How long a player may be away.</param>
/// <param name="Quiet">How long a table without viewers is kept.</param>
/// <param name="ClicksPerSecond">The most clicks a second of each player, and of all others together.</param>
/// <param name="Tables">The most tables of a silo.</param>
[GenerateSerializer, Immutable, Alias("counter.TableRules")]
public sealed record TableRules(TimeSpan Grace, TimeSpan Quiet, int ClicksPerSecond, int Tables);

/// <summary>All viewers of a table through one gateway.</summary>
/// <param name="Gateway">The run of the gateway.</param>
/// <param name="Number">Rises with every report of the gateway.</param>
/// <param name="Viewers">The viewers.</param>
/// <param name="Rules">The rules of the table.</param>
/// <param name="Known">The newest state that the gateway has. A table whose silo is gone is restored from it.</param>
[GenerateSerializer, Immutable, Alias("counter.TableReport")]
public sealed record TableReport(string Gateway, long Number, IReadOnlyList<TableViewerCount> Viewers, TableRules Rules, TableState Known);

/// <summary>The open pictures of one player, or of all who watch.</summary>
/// <param name="Ticket">The ticket; null for those who have none.</param>
/// <param name="Streams">The number of open pictures.</param>
[GenerateSerializer, Immutable, Alias("counter.TableViewerCount")]
public readonly record struct TableViewerCount(string? Ticket, int Streams);

/// <summary>A click at a table.</summary>
/// <param name="Kind">The kind of click.</param>
/// <param name="Square">For a move the square, from 0 to 8.</param>
/// <param name="Ticket">The ticket of whoever clicked; null for none.</param>
/// <param name="NewTicket">The ticket that a new player gets.</param>
/// <param name="Browser">Identifies the browser.</param>
[GenerateSerializer, Immutable, Alias("counter.TableClick")]
public sealed record TableClick(ClickKind Kind, int Square, string? Ticket, string NewTicket, ulong Browser);

/// <summary>The kinds of clicks.</summary>
public enum ClickKind
{
    /// <summary>Puts a mark into a square.</summary>
    Move,

    /// <summary>Takes the free seat.</summary>
    Sit,

    /// <summary>Asks for another game.</summary>
    Again,

    /// <summary>Leaves the table.</summary>
    Leave,
}

/// <summary>The answer to a click. An invalid move is accepted too: the picture shows the result.</summary>
/// <param name="State">The table after the click.</param>
/// <param name="IsTaken">False if there were more clicks a second than people make.</param>
[GenerateSerializer, Immutable, Alias("counter.TableAnswer")]
public sealed record TableAnswer(TableState State, bool IsTaken);

/// <summary>The answer to a page that is opened with a ticket.</summary>
/// <param name="State">The table.</param>
/// <param name="IsOwn">Whether it may be the player's own page.</param>
[GenerateSerializer, Immutable, Alias("counter.TableVisit")]
public sealed record TableVisit(TableState State, bool IsOwn);

/// <summary>A table has changed.</summary>
/// <param name="Table">The name of the table.</param>
/// <param name="State">The new state.</param>
[GenerateSerializer, Immutable, Alias("counter.TableChange")]
public sealed record TableChange(string Table, TableState State);
