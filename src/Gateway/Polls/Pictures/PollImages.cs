using Counter.Counting.Polls;
using Counter.Counting.Presence;
using Counter.Gateway.Frames;
using Counter.Gateway.Operations;
using Counter.Gateway.Polls.Votes;
using Counter.Gateway.Streaming;
using Counter.Gateway.Visitors;

namespace Counter.Gateway.Polls.Pictures;

/// <summary>
/// Answers a request for a picture of a poll. It is one of the pictures of its page: its viewer is a viewer of the page, and counts once
/// for all pictures of the page.
/// </summary>
internal sealed class PollImages(
    PollRequests requests, PollBroadcasts screens, PollFrames pollFrames, VoteClient votes, LiveImageHandler pictures, VisitorIdentity identity, ClientClassifier clients,
    VoterIdentity voters, Feeds feeds, Admission admission, DrawingQueue drawings, FrameCache frames, CounterMetrics metrics)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(75);

    /// <summary>Sends a live picture, or a still one where an endless answer is not wanted or not possible.</summary>
    public async Task ServeAsync(HttpContext context, string name, PollForm form, ImageFormat format)
    {
        ResponseHeaders.AllowAnyOrigin(context.Response);
        if (!requests.TryRead(context.Request, name, form, format, out var request, out var refusal))
        {
            await refusal.SendAsync(context, frames, format);
            return;
        }

        // The visitor matters only where results are shown after voting.
        var isSecret = request.Poll.Definition.Results == ResultsShown.AfterVoting;
        var voter = isSecret ? voters.Describe(context, request.Page.Site).Today : 0;
        var voted = await HasVotedSoonAsync(new VoteQuestion(request.Id, voter), context.RequestAborted);
        if (await DrawAsync(context, request, voted) is null)
        {
            return;
        }

        var isFull = false;
        using var place = await pictures.EnterAsync(
            context,
            request.Page,
            forAMoment => SendStillAsync(context, request, isFull || forAMoment ? 0 : voter, forAMoment),
            Enter);
        if (place is null)
        {
            return;
        }

        var client = clients.Of(context.Request, request.Online.Site);
        var origin = request.Online.Counts ? identity.Describe(context, request.Page, client.Settles, client.Browser) : null;
        await RunAsync(request, new PollSubscriber(voter, voted, request.Style, pollFrames, pictures.Open(context, client)), origin);

        IDisposable? Enter()
        {
            var entered = TryEnter(context, request);
            isFull = entered is null;
            return entered;
        }
    }

    private IDisposable? TryEnter(HttpContext context, PollRequest request) => admission.TryEnter(context, request.Online, screens.Streams(request.Id));

    /// <summary>
    /// Sends a still picture. The request takes a place while it waits for the poll. Crawlers, and requests without a place, get a picture
    /// without results.
    /// </summary>
    private async Task SendStillAsync(HttpContext context, PollRequest request, ulong voter, bool forAMoment)
    {
        using var place = voter != 0 && HttpMethods.IsGet(context.Request.Method) ? TryEnter(context, request) : null;
        var voted = place is not null && await votes.HasVotedAsync(new VoteQuestion(request.Id, voter), context.RequestAborted);
        if (await DrawAsync(context, request, voted) is { } frame)
        {
            await LiveImageHandler.SendStillAsync(context, frame, forAMoment);
        }
    }

    /// <summary>Whether the visitor has voted; false when the poll does not answer before the first picture is due.</summary>
    private async Task<bool> HasVotedSoonAsync(VoteQuestion who, CancellationToken aborted)
    {
        if (who.Voter == 0)
        {
            return false;
        }

        using var wait = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        wait.CancelAfter(LongestWait);
        return await votes.HasVotedAsync(who, wait.Token);
    }

    /// <summary>Draws the picture; null when the queue has already answered the request.</summary>
    private async ValueTask<Frame?> DrawAsync(HttpContext context, PollRequest request, bool voted) =>
        screens.Find(request, voted)
        ?? await drawings.DrawAsync(context, () => screens.Draw(request.Id, request.Poll, request.Style, voted));

    private async Task RunAsync(PollRequest request, PollSubscriber viewer, StreamOrigin? origin)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(viewer.Stream.Aborted);
        using var gone = viewer.Stream.Aborted.UnsafeRegister(static stream => ((LiveStream)stream!).Close(), viewer.Stream);
        metrics.StreamOpened();
        StreamEntry? entry = null;
        try
        {
            entry = feeds.Enter(origin, viewer);
            screens.Join(request, viewer);
            var revealing = RevealAsync(new VoteQuestion(request.Id, viewer.Voter), over.Token);
            await viewer.Stream.Completion;
            await over.CancelAsync();
            await revealing;
        }
        finally
        {
            viewer.Stream.Close();
            screens.Leave(request, viewer);
            metrics.StreamClosed();
            feeds.Exit(entry);
        }
    }

    /// <summary>Shows the results if the visitor has voted. It asks after the viewer has joined, so that it misses no vote in between.</summary>
    private async Task RevealAsync(VoteQuestion who, CancellationToken over)
    {
        try
        {
            if (await votes.HasVotedAsync(who, over))
            {
                screens.Reveal(who);
            }
        }
        catch (Exception) when (over.IsCancellationRequested)
        {
            // The viewer has left.
        }
    }
}
