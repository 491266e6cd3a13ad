using Counter.Counting.Cluster;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Operations;

namespace Counter.Gateway.Admin;

/// <summary>Creates the operator's first key when there is none, and removes audit entries that are too old.</summary>
internal sealed partial class AdminMaintenance(KeyStore keys, AuditLog audit, OperatorConsole notes, TimeProvider clock, ILogger<AdminMaintenance> log)
    : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Round = TimeSpan.FromHours(1);

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool isChecked;

    /// <summary>The key that this start created; null when one exists already, or when the database is not reachable yet.</summary>
    public ApiKey? FirstKey { get; private set; }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Creates the key after everything has started. A start that fails, for example because its port is taken, needs no key.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(StartTimeout);
        try
        {
            await MakeFirstKeyAsync(timeout.Token);
        }
        catch (Exception e) when (e is ClusterUnavailableException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The gateway starts without its database. The key is created when the database is reachable.
        }

        started.SetResult();
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await started.Task.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!isChecked && !stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(BetweenAttempts, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await MakeFirstKeyAsync(stoppingToken);
            }
            catch (Exception e) when (e is ClusterUnavailableException or OperationCanceledException)
            {
                // The loop tries again, or the gateway stops.
            }
        }

        using var timer = new PeriodicTimer(Round, clock);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await audit.TidyAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // The gateway stops.
            }
            catch (Exception e)
            {
                LogFailed(e);
            }
        }
    }

    private async Task MakeFirstKeyAsync(CancellationToken cancellationToken)
    {
        FirstKey = await keys.MakeFirstAsync(audit, cancellationToken);
        isChecked = true;
        if (FirstKey is { } key)
        {
            notes.Write($"The operator's key for /monitor and the admin API, shown only this once: {key}");
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old entries of the audit log could not be removed. The next attempt is in an hour.")]
    private partial void LogFailed(Exception exception);
}
