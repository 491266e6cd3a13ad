namespace Counter.Counting.Play;

/// <summary>How a table is kept.</summary>
/// <param name="Grace">For how long a player may be away.</param>
/// <param name="Quiet">After which time a table that nobody looks at ends.</param>
/// <param name="ClicksPerSecond">The most clicks a second of each player, and of all others together.</param>
/// <param name="Tables">The most tables of a silo.</param>
[GenerateSerializer, Immutable, Alias("counter.TableRules")]
public sealed record TableRules(TimeSpan Grace, TimeSpan Quiet, int ClicksPerSecond, int Tables);

/// <summary>Who looks at a table through one gateway: all of them, each time.</summary>
/// <param name="Gateway">The run of the gateway.</param>
/// <param name="Number">Rises with every report of the gateway.</param>
/// <param name="Viewers">Who looks.</param>
/// <param name="Rules">How the table is kept.</param>
/// <param name="Known">The newest state that the gateway knows: from it a table is restored whose silo is gone.</param>
[GenerateSerializer, Immutable, Alias("counter.TableReport")]
public sealed record TableReport(string Gateway, long Number, IReadOnlyList<TableViewerCount> Viewers, TableRules Rules, TableState Known);

/// <summary>The open pictures of one player, or of all who watch.</summary>
/// <param name="Ticket">The ticket; null for those who have none.</param>
/// <param name="Streams">How many.</param>
[GenerateSerializer, Immutable, Alias("counter.TableViewerCount")]
public readonly record struct TableViewerCount(string? Ticket, int Streams);

/// <summary>Something that somebody pressed at a table.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Square">For a move: where to, from 0 to 8.</param>
/// <param name="Ticket">Of whoever pressed it; null for who has none.</param>
/// <param name="NewTicket">The ticket of whoever sits down.</param>
/// <param name="Browser">What tells the browser from others.</param>
[GenerateSerializer, Immutable, Alias("counter.TableClick")]
public sealed record TableClick(ClickKind Kind, int Square, string? Ticket, string NewTicket, ulong Browser);

/// <summary>The kinds of clicks.</summary>
public enum ClickKind
{
    /// <summary>Puts a mark into a square.</summary>
    Move,

    /// <summary>Sits down.</summary>
    Sit,

    /// <summary>Wants another game.</summary>
    Again,

    /// <summary>Leaves the table.</summary>
    Leave,
}

/// <summary>What came of a click. One that was no move is taken all the same: what it came to is in the picture.</summary>
/// <param name="State">The table afterwards.</param>
/// <param name="IsTaken">False when there were more clicks a second than people make.</param>
[GenerateSerializer, Immutable, Alias("counter.TableAnswer")]
public sealed record TableAnswer(TableState State, bool IsTaken);

/// <summary>A page of a table that is opened with a ticket.</summary>
/// <param name="State">The table.</param>
/// <param name="IsOwn">Whether it may be the player's own page.</param>
[GenerateSerializer, Immutable, Alias("counter.TableVisit")]
public sealed record TableVisit(TableState State, bool IsOwn);

/// <summary>A table has changed.</summary>
/// <param name="Table">Its name.</param>
/// <param name="State">What it is like now.</param>
[GenerateSerializer, Immutable, Alias("counter.TableChange")]
public sealed record TableChange(string Table, TableState State);
