using System.Collections.Concurrent;
using System.Net;
using Counter.Counting;
using Counter.Counting.Cluster;
using Counter.Counting.Play;
using Counter.Gateway.Cluster;
using Counter.Gateway.Frames;
using Counter.Gateway.Network;
using Counter.Gateway.Play.Pictures;
using Counter.Gateway.Settings;
using Counter.Gateway.Streaming;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Play;

/// <summary>The tables that have viewers at this gateway, and those that began at it. The games themselves are in the cluster.</summary>
/// <remarks>Reports its viewers to each table, on changes and every 5 seconds, so that both sides recover after a lost message.</remarks>
internal sealed partial class LocalTables : IStreamSource, IDisposable
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReportTimeout = TimeSpan.FromSeconds(5);

    private readonly ICluster cluster;
    private readonly GatewayIdentity identity;
    private readonly PlayOptions options;
    private readonly LimitsOptions limits;
    private readonly TimeProvider clock;
    private readonly ILogger<LocalTables> log;
    private readonly TableRules rules;
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, TableStreams> shown = new(StringComparer.Ordinal);
    private readonly Dictionary<IPAddress, List<string>> begun = [];
    private long reports;

    public LocalTables(
        ICluster cluster, ClusterEvents events, GatewayIdentity identity, IOptions<PlayOptions> options, IOptions<LimitsOptions> limits, TimeProvider clock, ILogger<LocalTables> log)
    {
        (this.cluster, this.identity, this.options, this.limits, this.clock, this.log) = (cluster, identity, options.Value, limits.Value, clock, log);
        rules = new TableRules(
            TimeSpan.FromSeconds(options.Value.GraceSeconds), TimeSpan.FromSeconds(options.Value.QuietSeconds), options.Value.ClicksPerSecond, options.Value.Tables);
        events.TableChanged += change => Apply(change.Table, change.State);
    }

    /// <inheritdoc/>
    public IEnumerable<IViewerStream> Viewers => shown.Values.SelectMany(table => table.Live.All());

    /// <summary>Finds a table by its name; null when it never existed or has ended.</summary>
    /// <exception cref="ClusterUnavailableException">The cluster does not answer.</exception>
    public async ValueTask<TableState?> FindAsync(string id, CancellationToken cancellationToken) =>
        TableName.IsValid(id) ? await cluster.Tables.FindAsync(id, cancellationToken) : null;

    /// <summary>The number of streams of a table at this gateway.</summary>
    public int Streams(string id) => shown.TryGetValue(id, out var table) ? table.Live.Streams : 0;

    /// <summary>Begins a table.</summary>
    /// <returns>The name of the table; null when there are too many tables, or too many of this address.</returns>
    public async ValueTask<string?> TryBeginAsync(IPAddress by, string ticket, ulong browser, CancellationToken cancellationToken)
    {
        if (!await MayBeginAsync(by, cancellationToken))
        {
            return null;
        }

        var id = TableName.New();
        if (await cluster.Tables.BeginAsync(id, rules, ticket, browser, cancellationToken) is null)
        {
            return null;
        }

        lock (gate)
        {
            if (!begun.TryGetValue(by, out var own))
            {
                begun[by] = own = [];
            }

            own.Add(id);
        }

        return id;
    }

    /// <summary>Opens a table with a ticket.</summary>
    public async ValueTask<TableVisit?> OpenAsync(string id, string ticket, ulong browser, bool stays, CancellationToken cancellationToken) =>
        TableName.IsValid(id) ? await cluster.Tables.OpenAsync(id, ticket, browser, stays, cancellationToken) : null;

    /// <summary>Sends a click to a table.</summary>
    public async ValueTask<TableAnswer?> ClickAsync(string id, TableClick click, CancellationToken cancellationToken)
    {
        var answer = TableName.IsValid(id) ? await cluster.Tables.ClickAsync(id, click, cancellationToken) : null;
        if (answer is not null)
        {
            // Viewers at this gateway see the change without delay.
            Apply(id, answer.State);
        }

        return answer;
    }

    /// <summary>Shows a table on a stream until the stream ends. The stream of a player marks the player as present.</summary>
    public async Task RunAsync(string id, TableState state, LiveStream stream, string? ticket, Func<Scene, Frame> draw)
    {
        using var gone = stream.Aborted.UnsafeRegister(static stream => ((LiveStream)stream!).Close(), stream);
        TableStreams table;
        TableSubscriber viewer;
        lock (gate)
        {
            table = shown.GetOrAdd(id, _ => new TableStreams(new TableBroadcast(id, state, clock), ReportAsync));
            viewer = new TableSubscriber(table.Live, ticket, stream, draw);
            table.Live.Add(viewer);
        }

        table.Live.Apply(state);
        table.Live.Show(viewer);
        table.Reports.Request();
        try
        {
            await stream.Completion;
        }
        finally
        {
            table.Live.Remove(viewer);
            table.Reports.Request();
        }
    }

    /// <inheritdoc/>
    public ValueTask MaintainAsync(StreamingOptions streaming)
    {
        foreach (var table in shown.Values)
        {
            table.Live.Maintain(streaming);
            if (clock.GetElapsedTime(table.ReportedAt) >= ReportInterval)
            {
                table.Reports.Request();
            }
        }

        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        foreach (var table in shown.Values)
        {
            table.Live.Dispose();
        }
    }

    private async ValueTask<bool> MayBeginAsync(IPAddress by, CancellationToken cancellationToken)
    {
        if (limits.ExemptPrivateAddresses && NetworkAddress.IsPrivate(by))
        {
            return true;
        }

        string[] own;
        lock (gate)
        {
            own = [.. begun.GetValueOrDefault(by) ?? []];
        }

        if (own.Length < options.TablesPerAddress)
        {
            return true;
        }

        // Some may have ended. A gateway without viewers of a table is not notified of that.
        foreach (var id in own)
        {
            if (await cluster.Tables.FindAsync(id, cancellationToken) is null)
            {
                Forget(by, id);
            }
        }

        lock (gate)
        {
            return !begun.TryGetValue(by, out var left) || left.Count < options.TablesPerAddress;
        }
    }

    private void Forget(IPAddress by, string id)
    {
        lock (gate)
        {
            if (begun.TryGetValue(by, out var own) && own.Remove(id) && own.Count == 0)
            {
                begun.Remove(by);
            }
        }
    }

    private void Apply(string id, TableState state)
    {
        if (shown.TryGetValue(id, out var table))
        {
            table.Live.Apply(state);
        }
    }

    private async Task ReportAsync(TableStreams table)
    {
        table.ReportedAt = clock.GetTimestamp();
        var viewers = table.Live.Count();
        try
        {
            using var timeout = new CancellationTokenSource(ReportTimeout, clock);
            var state = await cluster.Tables.ReportAsync(
                table.Live.Id, new TableReport(identity.Id, Interlocked.Increment(ref reports), viewers, rules, table.Live.State), timeout.Token);
            if (state is not null)
            {
                table.Live.Apply(state);
            }
            else if (viewers.Count > 0)
            {
                table.Live.End();
            }
        }
        catch (Exception e)
        {
            // The report is repeated in some seconds. Streams show the last state meanwhile.
            LogNotReported(e.Message);
        }

        lock (gate)
        {
            if (table.Live.Streams == 0 && shown.TryRemove(KeyValuePair.Create(table.Live.Id, table)))
            {
                table.Live.Dispose();
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A table's viewers could not be reported: {Reason}")]
    private partial void LogNotReported(string reason);

    /// <summary>A table with viewers at this gateway.</summary>
    private sealed class TableStreams
    {
        public TableStreams(TableBroadcast live, Func<TableStreams, Task> report) => (Live, Reports) = (live, new SerialWork(() => report(this)));

        public TableBroadcast Live { get; }

        /// <summary>Reports the viewers to the table. Changes during a report go into the next one.</summary>
        public SerialWork Reports { get; }

        public long ReportedAt { get; set; }
    }
}
