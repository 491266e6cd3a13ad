using System.Collections.Concurrent;
using System.Net;
using Counter.Gateway.Cluster;
using Counter.Gateway.Network;
using Counter.Gateway.Streaming;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Play;

/// <summary>The tables of this process, in memory only. One that nobody looks at for some minutes ends.</summary>
internal sealed class Tables(IOptions<PlayOptions> options, IOptions<LimitsOptions> limits, ThisGateway here, TimeProvider clock) : IStreamSource
{
    private readonly ConcurrentDictionary<string, LiveTable> tables = [];
    private readonly Lock gate = new();

    /// <summary>How many there are.</summary>
    public int Count => tables.Count;

    /// <inheritdoc/>
    public IEnumerable<IViewerStream> Viewers => tables.Values.SelectMany(table => table.All());

    /// <summary>A table by its name; null when there is none, or none any more.</summary>
    public LiveTable? Find(string id) => tables.GetValueOrDefault(id);

    /// <summary>Begins a table.</summary>
    /// <param name="by">Who does.</param>
    /// <returns>Null when there are too many, or too many of whoever begins it.</returns>
    public LiveTable? TryBegin(IPAddress by)
    {
        var mayHaveMany = limits.Value.ExemptPrivateAddresses && NetworkAddress.IsPrivate(by);
        lock (gate)
        {
            if (tables.Count >= options.Value.Tables
                || (!mayHaveMany && tables.Values.Count(table => table.By.Equals(by)) >= options.Value.TablesPerAddress))
            {
                return null;
            }

            var table = new LiveTable(TableName.New(here.Id), by, TimeSpan.FromSeconds(options.Value.GraceSeconds), clock);
            return tables[table.Id] = table;
        }
    }

    /// <inheritdoc/>
    public ValueTask TendAsync(StreamingOptions streaming)
    {
        var patience = TimeSpan.FromSeconds(options.Value.QuietSeconds);
        foreach (var (id, table) in tables)
        {
            if (table.Tend(streaming) is { } since && clock.GetUtcNow() - since >= patience && tables.TryRemove(id, out _))
            {
                table.Dispose();
            }
        }

        return ValueTask.CompletedTask;
    }
}
