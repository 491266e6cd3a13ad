using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Sessions;
using Microsoft.AspNetCore.Authentication;

namespace Counter.Gateway.Monitor;

/// <summary>Somebody who watches: as long as the session holds, the gateway runs, and the browser is there.</summary>
internal sealed class WatchSession : IAsyncDisposable
{
    /// <summary>How long a session may go on to watch after its end, or after its key was revoked.</summary>
    public static readonly TimeSpan Checking = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource over;
    private readonly EndedSessions ended;
    private readonly string? session;
    private readonly Task guarding;

    /// <param name="context">The request that was let in.</param>
    /// <param name="ended">Tells when a session is ended.</param>
    /// <param name="keys">Says whether the key still is an operator's.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="stopping">The gateway stops.</param>
    public WatchSession(HttpContext context, EndedSessions ended, KeyStore keys, TimeProvider clock, CancellationToken stopping)
    {
        over = CancellationTokenSource.CreateLinkedTokenSource(stopping, context.RequestAborted);
        Over = over.Token;
        this.ended = ended;
        session = SessionCookie.NameOf(context.User);
        ended.Ended += Heed;
        guarding = GuardAsync(context, keys, clock);
    }

    /// <summary>Is cancelled when there is nobody to show anything to any more.</summary>
    public CancellationToken Over { get; }

    /// <summary>Whether it is over because the session is.</summary>
    public bool Expelled { get; private set; }

    /// <summary>The browser left.</summary>
    public void Leave()
    {
        try
        {
            over.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It was over already.
        }
    }

    public async ValueTask DisposeAsync()
    {
        ended.Ended -= Heed;
        await over.CancelAsync();
        await guarding;
        over.Dispose();
    }

    private void Heed(string name)
    {
        if (name == session)
        {
            Expelled = true;
            Leave();
        }
    }

    private async Task GuardAsync(HttpContext context, KeyStore keys, TimeProvider clock)
    {
        // The cookie was looked at before, so this waits for nothing.
        var ends = (await context.AuthenticateAsync(SessionCookie.SchemeName)).Properties?.ExpiresUtc;
        using var timer = new PeriodicTimer(Checking, clock);
        while (!Over.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(Over);
                if (clock.GetUtcNow() >= ends || !await SessionCookie.IsValidAsync(context.User, keys, Over))
                {
                    Expelled = true;
                    await over.CancelAsync();
                }
            }
            catch (OperationCanceledException)
            {
                // It is over.
            }
            catch (Exception)
            {
                // The cluster does not answer, which is when an operator wants to look. The next round asks again.
            }
        }
    }
}
