using Counter.Counting.Cluster;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Counter.Postgres;

/// <summary>
/// Gives up gateways that are not heard, and clears up. Every gateway does so; the database lets one at a time.
/// </summary>
/// <remarks>The loop ends when this is disposed.</remarks>
internal sealed partial class Watch : IAsyncDisposable
{
    private const int PagesAtOnce = 1000;
    private const int RowsAtOnce = 10_000;

    // What counter.tidy knows. Pages go before the sites that then have none.
    private static readonly string[] Kinds = ["gateways", "leases", "history", "pages", "crowd", "sites", "documents"];

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TidyRound = TimeSpan.FromMinutes(1);

    private readonly Database database;
    private readonly PostgresOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly CancellationTokenSource stop = new();
    private readonly Task watching;

    public Watch(Database database, PostgresOptions options, TimeProvider clock, ILogger log)
    {
        (this.database, this.options, this.clock, this.log) = (database, options, clock, log);
        watching = WatchAsync(stop.Token);
    }

    private long Lease => (long)options.LeaseDuration.TotalMilliseconds;

    /// <summary>Gives up gateways that were not heard for the length of a lease.</summary>
    public async Task ExpireAsync(CancellationToken cancellationToken)
    {
        if (await database.CountAsync<bool>("SELECT counter.expire($1)", cancellationToken, Lease))
        {
            await ReleaseAsync(null, cancellationToken);
        }
    }

    /// <summary>Takes out the viewers of a gateway that was given up; null for any.</summary>
    public async Task ReleaseAsync(string? gatewayId, CancellationToken cancellationToken)
    {
        while (await database.CountAsync<bool>("SELECT counter.release($1::text, $2)", cancellationToken, gatewayId, PagesAtOnce))
        {
        }
    }

    /// <summary>Forgets what is older than is kept. Gateways that are not heard are given up in between: they do not wait for it.</summary>
    public async Task TidyAsync(CancellationToken cancellationToken)
    {
        foreach (var kind in Kinds)
        {
            while (await TidyAsync(kind, cancellationToken))
            {
                await ExpireAsync(cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching;
        stop.Dispose();
    }

    /// <returns>Whether there may be more of that kind.</returns>
    private async Task<bool> TidyAsync(string kind, CancellationToken cancellationToken)
    {
        try
        {
            return await database.AskAsync<bool>("SELECT counter.tidy($1, $2, $3)", cancellationToken, kind, Lease, RowsAtOnce);
        }
        catch (PostgresException e)
        {
            // The other kinds are not to blame.
            LogFailed(e);
            return false;
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Round, clock);
        var tidied = clock.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(cancellationToken);
                await ExpireAsync(cancellationToken);
                if (clock.GetElapsedTime(tidied) >= TidyRound)
                {
                    tidied = clock.GetTimestamp();
                    await TidyAsync(cancellationToken);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The gateway stops.
            }
            catch (ClusterUnavailableException)
            {
                // Nobody can be heard meanwhile, and nobody is given up.
            }
            catch (Exception e)
            {
                LogFailed(e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Clearing up the database failed; trying again.")]
    private partial void LogFailed(Exception exception);
}
