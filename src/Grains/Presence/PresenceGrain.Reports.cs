using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Grains.Messages;
using Counter.Grains.Sites;
using Microsoft.Extensions.Logging;

namespace Counter.Grains.Presence;

/// <content>Reports to the site and its pages, and questions about totals.</content>
internal sealed partial class PresenceGrain
{
    private const int PagesAtOnce = 250;

    private Task reporting = Task.CompletedTask;

    private bool IsBehind => presence.HasReports || presence.HasQuestions;

    /// <summary>Sends reports to the site, one after the other, and asks for totals, until nothing is left.</summary>
    private Task ReportAsync()
    {
        ((IPresencePublisher)this).Reportable();
        return reporting;
    }

    private async Task RunAsync()
    {
        while (IsBehind)
        {
            // Changes of the same moment go into the same report.
            await Task.Yield();
            var reports = presence.TakeReports(PagesAtOnce);
            try
            {
                if (reports.Count > 0 && !await TryReportAsync(reports))
                {
                    continue;
                }
            }
            catch (Exception e)
            {
                // The silo's service tries again in a second.
                presence.Fail(reports);
                LogFailed(e);
                break;
            }

            if (reports.Count == PagesAtOnce)
            {
                // More may wait, and a total includes only what was reported and confirmed.
                continue;
            }

            if (!await TryAskAsync(presence.TakeQuestions(PagesAtOnce)))
            {
                break;
            }
        }

        Settle();
        active.IsBehind = IsBehind;
    }

    /// <returns>False when pages have taken newer reports than these: they are sent again.</returns>
    private async Task<bool> TryReportAsync(IReadOnlyList<PageReport> reports)
    {
        var reply = await SendAsync(reports);
        foreach (var path in reply.Refused)
        {
            presence.End(path);
        }

        if (reply.Newest > 0)
        {
            // The clock of the previous activation's silo was ahead.
            presence.Follow(reply.Newest);
            presence.Fail(reports);
            return false;
        }

        presence.Confirm(reports);
        return true;
    }

    /// <summary>Asks the site for totals. They include every report that was confirmed; no report is sent meanwhile.</summary>
    /// <returns>False when a total is missing.</returns>
    private async Task<bool> TryAskAsync(IReadOnlyList<TotalQuestion> questions)
    {
        var answers = await Task.WhenAll(questions.Select(AskAsync));
        foreach (var (question, (total, first)) in questions.Zip(answers))
        {
            presence.Answer(question, total, first);
        }

        return answers.All(answer => answer.Total is not null);
    }

    private async Task<(long? Total, DateTimeOffset? First)> AskAsync(TotalQuestion question)
    {
        try
        {
            var site = GrainFactory.Find<ISiteGrain>(Site);
            var status = await site.GetAsync(question.Key.ToViewers());
            var total = question.From is { } from
                ? (await site.HistoryAsync(question.Key.ToViewers(), HistoryStep.Quarter, from, DateTimeOffset.MaxValue)).ArrivalsSince(from)
                : question.Key.Of == CountOf.Peak ? status.Peak : status.Arrivals;
            return (total, status.Since);
        }
        catch (Exception e)
        {
            LogFailed(e);
            return default;
        }
    }

    private async Task<SiteReply> SendAsync(IReadOnlyList<PageReport> reports)
    {
        var most = new MostCounted(limits.Sites, limits.Pages, limits.PagesPerSite);
        if (!sites.IsListed(Site))
        {
            // The grain of a refused site is not activated, so that invented names cost little.
            if (await GrainFactory.GetGrain<ISiteDirectoryGrain>(0).AddAsync([Site], most.Sites) is { Count: > 0 })
            {
                return new SiteReply([.. reports.Select(report => report.Page.Path)], 0);
            }

            sites.List(Site);
        }

        return await GrainFactory.Find<ISiteGrain>(Site).ReportAsync(most, reports);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A report to a site failed; trying again.")]
    private partial void LogFailed(Exception exception);
}
