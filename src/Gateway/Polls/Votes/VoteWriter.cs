using Counter.Counting;
using Counter.Counting.Cluster;
using Counter.Counting.Polls;
using Counter.Gateway.Documents;
using Counter.Gateway.Links;

namespace Counter.Gateway.Polls.Votes;

/// <summary>Writes votes to where all gateways find them: the first at once, then at most once a second for all polls together.</summary>
/// <remarks>
/// While the store does not answer, votes wait: they are sums, so however many there are they take no more room. What is true at shutdown:
/// the server has stopped, so no vote comes any more, and what waits is written unless the store does not answer for some seconds.
/// </remarks>
internal sealed partial class VoteWriter : BackgroundService
{
    private const int MostAtOnce = 100;
    private const int LastAttempts = 3;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly BallotBox box;
    private readonly DocumentBook<Poll> book;
    private readonly PollNews news;
    private readonly ICluster cluster;
    private readonly TimeProvider clock;
    private readonly ILogger<VoteWriter> log;
    private readonly Coalescer pacing;
    private readonly Coalescer reading;
    private readonly ITimer midnight;
    private readonly SemaphoreSlim due = new(0, 1);

    // Polls that could not be written in the last round, so that each is told of once; at most those of which votes wait.
    private HashSet<string> waiting = [];

    public VoteWriter(BallotBox box, DocumentBook<Poll> book, PollNews news, ICluster cluster, TimeProvider clock, ILogger<VoteWriter> log)
    {
        (this.box, this.book, this.news, this.cluster, this.clock, this.log) = (box, book, news, cluster, clock, log);
        pacing = new Coalescer(clock, Pace, Wake);
        reading = new Coalescer(clock, Pace / 10, () => _ = TryReadAsync());
        midnight = clock.CreateTimer(_ => box.TurnDay(), null, Pace, Pace);
        box.Changed += _ => pacing.Trigger();
        news.Heard += voted =>
        {
            if (voted is null)
            {
                reading.Trigger();
            }
        };
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        pacing.Dispose();
        reading.Dispose();
        for (var attempt = 0; attempt < LastAttempts && !await TryWriteAsync(all: true, cancellationToken); attempt++)
        {
            await Task.Delay(Pace / 10, CancellationToken.None);
        }
    }

    public override void Dispose()
    {
        midnight.Dispose();
        due.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        try
        {
            while (true)
            {
                await due.WaitAsync(stoppingToken);
                while (!await TryWriteAsync(all: false, stoppingToken))
                {
                    var wait = Pace * (1 << Math.Min(failures++, 10));
                    await Task.Delay(wait < LongestWait ? wait : LongestWait, clock, stoppingToken);
                }

                failures = 0;
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }

    /// <summary>Writes what waits.</summary>
    /// <param name="all">Whether what comes meanwhile is written as well; otherwise it waits for its turn.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when it has to be tried again.</returns>
    private async Task<bool> TryWriteAsync(bool all, CancellationToken cancellationToken)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
            var (written, more) = (false, true);
            var late = new HashSet<string>(StringComparer.Ordinal);
            while (more && box.Waiting(MostAtOnce, late) is { Count: > 0 } votes)
            {
                var left = await new PollStore(cluster.Documents).WriteAsync(votes, either.Token);

                // Read before they are forgotten here, so that nobody sees fewer in between.
                await book.RefreshAsync(either.Token);
                box.Done([.. votes.Where(one => !left.ContainsKey(one.Id))]);
                foreach (var (id, reason) in left.Where(one => late.Add(one.Key) && !waiting.Contains(one.Key)))
                {
                    LogWaits(id, reason);
                }

                written |= left.Count < votes.Count;
                more = all || votes.Count == MostAtOnce;
            }

            waiting = late;
            if (written)
            {
                news.Tell(voted: null);
            }

            if (written || late.Count > 0)
            {
                pacing.Trigger();
            }

            return true;
        }
        catch (ClusterUnavailableException)
        {
            // The engine has said so.
            return false;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(e);
            return false;
        }
    }

    private async Task TryReadAsync()
    {
        try
        {
            await book.RefreshAsync(CancellationToken.None);
        }
        catch (Exception)
        {
            // It is read every second in any case, and says then what is wrong.
        }
    }

    private void Wake()
    {
        try
        {
            due.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // It is due already, or the gateway stops.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Votes of poll {Id} could not be written; they are shown, and tried again. {Reason}")]
    private partial void LogWaits(string id, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Votes could not be written; they are shown, and tried again.")]
    private partial void LogFailed(Exception exception);
}
