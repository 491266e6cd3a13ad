using Counter.Counting.Play;
using Counter.Grains.Changes;
using Counter.Grains.Gateways;

namespace Counter.Grains.Play;

/// <inheritdoc cref="ITableGrain"/>
/// <remarks>
/// It has a <see cref="Table"/> and its viewers. A game is in memory only, and ends some minutes after its last viewer has left. When its silo is
/// lost, the next report of a gateway restores the game.
/// </remarks>
[CollectionAgeLimit(Minutes = 2)]
internal sealed class TableGrain(CountingOptions options, LiveGateways live, ActiveTables tables, ChangeBroadcaster broadcaster) : Grain, ITableGrain
{
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(500);

    private Game? game;
    private ITimer? timer;

    public Task<TableState?> BeginAsync(TableRules rules, string ticket, ulong browser)
    {
        if (game is not null || !TryBegin(rules))
        {
            return Task.FromResult<TableState?>(null);
        }

        game!.Table.TrySit(ticket, browser, options.Now);
        return Task.FromResult<TableState?>(Publish());
    }

    public Task<TableState?> FindAsync()
    {
        LeaveWhenEnded();
        return Task.FromResult(game?.State);
    }

    public Task<TableVisit?> OpenAsync(string ticket, ulong browser, bool stays)
    {
        LeaveWhenEnded();
        if (game is null)
        {
            return Task.FromResult<TableVisit?>(null);
        }

        var isOwn = game.Table.MarkOf(ticket) is { } mark && game.Table[mark].TryOpen(browser);
        if (isOwn && stays)
        {
            game.QuietSince = options.Now;
            if (game.Table.TryStay(ticket, options.Now))
            {
                Publish();
            }
        }

        return Task.FromResult<TableVisit?>(new TableVisit(game.State, isOwn));
    }

    public Task<TableAnswer?> ClickAsync(TableClick click)
    {
        LeaveWhenEnded();
        if (game is null)
        {
            return Task.FromResult<TableAnswer?>(null);
        }

        var now = options.Now;
        if (!game.Table.TryClick(click.Ticket, game.Rules.ClicksPerSecond, now))
        {
            return Task.FromResult<TableAnswer?>(new TableAnswer(game.State, IsTaken: false));
        }

        game.QuietSince = now;
        var changed = click.Kind switch
        {
            ClickKind.Sit => game.Table.TrySit(click.NewTicket, click.Browser, now),
            ClickKind.Leave => click.Ticket is { } left && game.Table.TryLeave(left),
            ClickKind.Again => click.Ticket is { } again && game.Table.TryPlayAgain(again, now),
            _ => click.Ticket is { } player && game.Table.TryPlay(player, click.Square, now),
        };
        return Task.FromResult<TableAnswer?>(new TableAnswer(changed ? Publish() : game.State, IsTaken: true));
    }

    public Task<TableState?> ReportAsync(TableReport report)
    {
        // A gateway with viewers of an unknown table has a game from a lost silo: a game with viewers does not end.
        if (game is null && report.Viewers.Count > 0 && TryBegin(report.Rules))
        {
            game!.Table.Restore(report.Known, options.Now);
            game.Version = report.Known.Version;
            Publish();
        }

        if (game is null)
        {
            LeaveWhenEnded();
            return Task.FromResult<TableState?>(null);
        }

        game.QuietSince = options.Now;
        if (game.Viewers.Apply(report, options.Now))
        {
            Publish();
        }

        return Task.FromResult<TableState?>(game.State);
    }

    public Task TickAsync()
    {
        if (game is null)
        {
            return Task.CompletedTask;
        }

        var now = options.Now;
        var hasChanged = game.Viewers.Expire(now);
        if (game.Table.Tick(now) | hasChanged)
        {
            Publish();
        }

        game.QuietSince = game.Viewers.Gateways.Count > 0 ? now : game.QuietSince;
        if (now - game.QuietSince >= game.Rules.Quiet)
        {
            End();
            LeaveWhenEnded();
        }

        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        End();
        return Task.CompletedTask;
    }

    private bool TryBegin(TableRules rules)
    {
        if (!tables.TryAdd(rules.Tables))
        {
            LeaveWhenEnded();
            return false;
        }

        game = new Game(rules, options.Now);
        var grain = this.AsReference<ITableGrain>();
        timer = options.Clock.CreateTimer(_ => grain.TickAsync().Ignore(), null, Round, Round);
        DelayDeactivation(Timeout.InfiniteTimeSpan);
        return true;
    }

    private TableState Publish()
    {
        // The version is a time, so that a restored table continues above the versions of the lost silo.
        game!.Version = Math.Max(game.Version + 1, options.Now.ToUnixTimeMilliseconds());
        game.State = game.Table.ToState(game.Version, game.Viewers.Watching);
        var change = new TableChange(this.GetPrimaryKeyString(), game.State);
        foreach (var gateway in game.Viewers.Gateways)
        {
            if (live.ClientOf(gateway) is { } client)
            {
                broadcaster.Publish(client, change);
            }
        }

        return game.State;
    }

    private void End()
    {
        if (game is not null)
        {
            game = null;
            timer?.Dispose();
            tables.Remove();
        }
    }

    /// <summary>Deactivates a grain without a game: any request can name a table that does not exist.</summary>
    private void LeaveWhenEnded()
    {
        if (game is null)
        {
            DeactivateOnIdle();
        }
    }

    private sealed class Game
    {
        public Game(TableRules rules, DateTimeOffset now)
        {
            (Rules, QuietSince, Table) = (rules, now, new Table(rules.Grace, now));
            Viewers = new TableViewers(Table);
            State = Table.ToState(0, 0);
        }

        public TableRules Rules { get; }

        public Table Table { get; }

        public TableViewers Viewers { get; }

        public TableState State { get; set; }

        public long Version { get; set; }

        /// <summary>When the table last had a viewer or a click.</summary>
        public DateTimeOffset QuietSince { get; set; }
    }
}
