using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Sessions;
using Microsoft.AspNetCore.Authentication;

namespace Counter.Gateway.Monitor;

/// <summary>An open socket or picture of a watcher. It ends with the session, the gateway or the connection.</summary>
internal sealed class WatchSession : IAsyncDisposable
{
    /// <summary>The interval of the checks, so the longest time to watch after the session has ended or its key was revoked.</summary>
    public static readonly TimeSpan Checking = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource over;
    private readonly EndedSessions ended;
    private readonly string? session;
    private readonly Task checking;

    /// <param name="context">The authenticated request.</param>
    /// <param name="ended">Reports sessions that are signed out.</param>
    /// <param name="keys">Checks whether the key is still valid.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="stopping">Cancelled when the gateway stops.</param>
    public WatchSession(HttpContext context, EndedSessions ended, KeyStore keys, TimeProvider clock, CancellationToken stopping)
    {
        over = CancellationTokenSource.CreateLinkedTokenSource(stopping, context.RequestAborted);
        Over = over.Token;
        this.ended = ended;
        session = SessionCookie.NameOf(context.User);
        ended.Ended += OnEnded;
        checking = CheckKeyAsync(context, keys, clock);
    }

    /// <summary>Cancelled when watching ends.</summary>
    public CancellationToken Over { get; }

    /// <summary>Whether watching ended because the session did.</summary>
    public bool IsSessionOver { get; private set; }

    /// <summary>Ends watching, because the browser has left.</summary>
    public void Leave()
    {
        try
        {
            over.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Watching has already ended.
        }
    }

    public async ValueTask DisposeAsync()
    {
        ended.Ended -= OnEnded;
        await over.CancelAsync();
        await checking;
        over.Dispose();
    }

    private void OnEnded(string name)
    {
        if (name == session)
        {
            IsSessionOver = true;
            Leave();
        }
    }

    private async Task CheckKeyAsync(HttpContext context, KeyStore keys, TimeProvider clock)
    {
        // The cookie is already authenticated, so this completes at once.
        var ends = (await context.AuthenticateAsync(SessionCookie.SchemeName)).Properties?.ExpiresUtc;
        using var timer = new PeriodicTimer(Checking, clock);
        while (!Over.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(Over);
                if (clock.GetUtcNow() >= ends || !await SessionCookie.IsValidAsync(context.User, keys, Over))
                {
                    IsSessionOver = true;
                    await over.CancelAsync();
                }
            }
            catch (OperationCanceledException)
            {
                // Watching has ended.
            }
            catch (Exception)
            {
                // The operator needs the monitor when the cluster does not answer, so watching continues. The next round checks again.
            }
        }
    }
}
