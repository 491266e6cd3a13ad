using Counter.Counting.Documents;
using Counter.Counting.Webhooks;
using Counter.Grains.Documents;
using Microsoft.Extensions.Logging;

namespace Counter.Grains.Sites;

/// <content>The messages to webhooks.</content>
internal sealed partial class SiteGrain
{
    private static readonly TimeSpan UntilRetry = TimeSpan.FromSeconds(5);

    private SerialAction? judging;
    private ITimer? judgingLater;

    public async Task JudgeAsync(bool refresh)
    {
        if (refresh)
        {
            await webhooks.RefreshAsync();
        }

        await Judge();
    }

    /// <summary>Handles a change of a number or of a webhook.</summary>
    private Task Judge() => webhooks.Of(Site).Count == 0 ? Task.CompletedTask : (judging ??= new SerialAction(WriteOwedAsync)).RunAsync();

    /// <summary>Writes the messages that are due. Gateways send them.</summary>
    private async Task WriteOwedAsync()
    {
        if (active.IsInDoubt)
        {
            // The numbers of viewers may be outdated. This runs again after the site has asked its presence.
            return;
        }

        try
        {
            DateTimeOffset? later = null;
            foreach (var (id, hook, outbox) in webhooks.Of(Site))
            {
                var viewers = hook.Page is null ? pages.Tally.Viewers : pages.Find(hook.Page)?.Viewers ?? 0;
                if (outbox.OwedAt(hook, viewers, Now) is not { } owed)
                {
                    continue;
                }

                if (owed > Now)
                {
                    later = owed < later || later is null ? owed : later;
                }
                else if (await ChangeAsync(id, stored => stored.Judge(hook, viewers, Now)) is { } next)
                {
                    webhooks.Set(id, next);
                }
            }

            JudgeAfter(later - Now);
        }
        catch (Exception e)
        {
            LogNotWritten(e);
            JudgeAfter(UntilRetry);
        }
    }

    private Task<Outbox?> ChangeAsync(WebhookId id, Func<Outbox, Outbox?> change)
    {
        var documents = GrainFactory.GetGrain<IDocumentsGrain>(0);
        return Outbox.ChangeAsync(
            id,
            document => documents.FindAsync(DocumentKind.Delivery, document),
            async written => await documents.TryChangeAsync([written]) is not null,
            change);
    }

    private void JudgeAfter(TimeSpan? wait)
    {
        if (wait is { } time)
        {
            var grain = active.Grain;
            judgingLater ??= options.Clock.CreateTimer(_ => grain.JudgeAsync(refresh: false).Ignore(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            judgingLater.Change(time, Timeout.InfiniteTimeSpan);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A message to a webhook could not be written; trying again.")]
    private partial void LogNotWritten(Exception exception);
}
