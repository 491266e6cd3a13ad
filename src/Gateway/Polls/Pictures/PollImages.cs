using Counter.Counting.Polls;
using Counter.Counting.Presence;
using Counter.Gateway.Frames;
using Counter.Gateway.Operations;
using Counter.Gateway.Polls.Votes;
using Counter.Gateway.Streaming;
using Counter.Gateway.Visitors;

namespace Counter.Gateway.Polls.Pictures;

/// <summary>
/// Answers a request for a picture of a poll. It is one of the pictures of its page: whoever looks at it is a viewer of the page, once with
/// all its other pictures.
/// </summary>
internal sealed class PollImages(
    PollRequests requests, PollScreens screens, Voting voting, LivePictures pictures, VisitorIdentity identity, Voters voters, Feeds feeds,
    Admission admission, FrameCache frames, CounterMetrics metrics)
{
    /// <summary>A live picture, or a still one where an endless answer is not wanted or not possible.</summary>
    public async Task ServeAsync(HttpContext context, string name, PollForm form, ImageFormat format)
    {
        if (!requests.TryRead(context.Request, name, form, format, out var request, out var refusal))
        {
            await refusal.SendAsync(context, frames, format);
            return;
        }

        // Where results are shown after voting, somebody may wait for the keeper; everywhere else nobody does.
        var isSecret = request.Poll.Definition.Results == ResultsShown.AfterVoting;
        var voter = isSecret ? voters.Describe(context, request.Page.Site).Today : 0;
        var voted = isSecret && await voting.HasVotedAsync(new VoteQuestion(request.Id, voter), context.RequestAborted);
        using var place = await pictures.EnterAsync(
            context,
            request.Page,
            forAMoment => LivePictures.SendStillAsync(context, screens.Draw(request.Id, request.Poll, request.Look, voted), forAMoment),
            () => admission.TryEnter(context, request.Online, screens.Streams(request.Id)));
        if (place is null)
        {
            return;
        }

        var arrival = request.Online.Counts ? identity.Describe(context, request.Page) : null;
        await RunAsync(request, voted, new PollViewer(voter, request.Look, pictures.Open(context)), arrival);
    }

    private async Task RunAsync(PollRequest request, bool voted, PollViewer viewer, Arrival? arrival)
    {
        using var gone = viewer.Stream.Aborted.UnsafeRegister(static stream => ((LiveStream)stream!).Close(), viewer.Stream);
        metrics.StreamOpened();
        PresenceTicket? ticket = null;
        try
        {
            ticket = arrival is null ? null : feeds.Presence.Open(arrival, viewer);
            screens.Join(request, voted, viewer);
            await viewer.Stream.Completion;
        }
        finally
        {
            screens.Leave(request, viewer);
            metrics.StreamClosed();
            if (ticket is not null)
            {
                feeds.Presence.Close(ticket);
            }
        }
    }
}
