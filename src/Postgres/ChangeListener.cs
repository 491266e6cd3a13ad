using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Counter.Postgres;

/// <summary>Listens on a connection of its own to the changes of the sites that somebody shows, and of no others.</summary>
/// <remarks>
/// <para>A connection that works loses nothing. Whenever a channel is listened to anew, after a lost connection or because a site is
/// shown that was not, the numbers are read once. A connection that does not answer within two seconds is given up.</para>
/// <para>The loop reads whether or not anybody takes what it read: the database must not be held up by a slow reader. It ends when
/// this is disposed.</para>
/// </remarks>
internal sealed partial class ChangeListener : IAsyncDisposable
{
    private const int Channels = 64;
    private const int KeysAtOnce = 1000;
    private const int AnswerSeconds = 2;

    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BetweenSigns = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    private readonly Database database;
    private readonly Func<IEnumerable<CountKey>>? shown;
    private readonly ILogger log;
    private readonly ChangeFeed feed = new();
    private readonly ChangeFeed.Subscription changes;
    private readonly CancellationTokenSource stop = new();
    private readonly HashSet<string> unclear = [];
    private readonly Task listening;
    private IEnumerable<CountKey>? seen;

    public ChangeListener(Database database, Func<IEnumerable<CountKey>>? shown, ILogger log)
    {
        (this.database, this.shown, this.log) = (database, shown, log);
        changes = feed.Subscribe();
        listening = Task.Run(() => KeepListeningAsync(stop.Token));
    }

    /// <summary>The totals that have changed since the last time, waiting until there is one.</summary>
    public ValueTask<IReadOnlyCollection<Total>> TakeAsync(CancellationToken cancellationToken) => changes.TakeAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await listening;
        changes.Dispose();
        stop.Dispose();
    }

    /// <summary>The channel of a site; the same as in <c>counter.announce</c>.</summary>
    internal static int Channel(string site) => SHA256.HashData(Encoding.UTF8.GetBytes(site))[0] % Channels;

    private async Task KeepListeningAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenAsync(cancellationToken);
                await ListenAsync(connection, cancellationToken);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                // The gateway stops.
            }
            catch (Exception e)
            {
                // Whatever it was, it must not end the listening for good. Who is away has been said.
                if (e is not (NpgsqlException or ClusterUnavailableException or TimeoutException or OperationCanceledException))
                {
                    LogFailed(e);
                }

                await Task.Delay(BetweenAttempts, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        connection.Notification += (_, notification) => Learn(notification.Payload);
        var heard = new HashSet<int>();
        var signed = TimeProvider.System.GetTimestamp();
        seen = null;
        while (true)
        {
            if (Wanted() is { } wanted && !heard.SetEquals(wanted))
            {
                var begun = wanted.Except(heard).ToHashSet();
                await DoAsync(connection, string.Concat(
                    begun.Select(c => $"LISTEN counter_{c};").Concat(heard.Except(wanted).Select(c => $"UNLISTEN counter_{c};"))), cancellationToken);
                heard = wanted;
                await ReadAsync(key => begun.Contains(Channel(key.Site)), cancellationToken);
            }

            if (unclear.Count > 0)
            {
                var sites = unclear.ToHashSet();
                unclear.Clear();
                await ReadAsync(key => sites.Contains(key.Site), cancellationToken);
            }

            if (TimeProvider.System.GetElapsedTime(signed) >= BetweenSigns)
            {
                await DoAsync(connection, "SELECT 1", cancellationToken);
                signed = TimeProvider.System.GetTimestamp();
            }

            await connection.WaitAsync(Round, cancellationToken);
        }
    }

    /// <summary>The channels of what is shown; null when that is what it was.</summary>
    private HashSet<int>? Wanted()
    {
        var keys = shown?.Invoke() ?? [];
        if (ReferenceEquals(keys, seen))
        {
            return null;
        }

        seen = keys;
        return shown is null ? [.. Enumerable.Range(0, Channels)] : [.. keys.Select(key => key.Site).Distinct().Select(Channel)];
    }

    private void Learn(string payload)
    {
        try
        {
            Read(payload);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IndexOutOfRangeException or FormatException)
        {
            // Anybody who may connect may notify; what is not a change is none.
        }
    }

    private void Read(string payload)
    {
        using var json = JsonDocument.Parse(payload);
        foreach (var entry in json.RootElement.EnumerateArray())
        {
            var site = entry[0].GetString()!;
            if (entry.GetArrayLength() == 1)
            {
                unclear.Add(site);
                continue;
            }

            feed.Publish(new Total(CountKey.For(site, entry[1].GetString()!), entry[2].GetInt64(), entry[3].GetInt32()));
        }
    }

    private async Task ReadAsync(Func<CountKey, bool> which, CancellationToken cancellationToken)
    {
        foreach (var keys in (shown?.Invoke() ?? []).Where(key => key.Of != CountOf.Visitors && which(key)).Chunk(KeysAtOnce))
        {
            var totals = await database.QueryAsync(
                "SELECT c.site, c.path, c.version, c.viewers FROM unnest($1, $2) u (site, path) JOIN counter.counts c ON c.site = u.site AND c.path = u.path",
                row => new Total(CountKey.For(row.GetString(0), row.GetString(1)), row.GetInt64(2), row.GetInt32(3)),
                cancellationToken, Array.ConvertAll(keys, k => k.Site), Array.ConvertAll(keys, k => k.Path));
            totals.ForEach(feed.Publish);
        }
    }

    private static async Task DoAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = AnswerSeconds };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Listening to the changes of the other gateways failed; trying again.")]
    private partial void LogFailed(Exception exception);
}
