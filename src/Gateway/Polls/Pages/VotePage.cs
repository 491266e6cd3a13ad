using Counter.Gateway.Frames;
using Counter.Gateway.Http;
using Counter.Gateway.Polls.Pictures;

namespace Counter.Gateway.Polls.Pages;

/// <summary>What a page with buttons shows and where its form goes.</summary>
public sealed class VotePage
{
    /// <summary>Where the frame for what comes of a vote has nothing in it.</summary>
    public const string Empty = "/embed/vote";

    private static readonly string[] Passed = [.. PollQuery.Names, .. PollStyle.Names];

    private readonly PollRequest poll;
    private readonly string path;
    private readonly (string, string)[] parameters;
    private readonly (string, string)[] ofPicture;

    /// <param name="request">The request for the page.</param>
    /// <param name="poll">The poll.</param>
    /// <param name="token">What shows that the form is ours.</param>
    /// <param name="now">The time.</param>
    /// <param name="frame">Whether it is for a frame on a page of whatever colours, and no page of ours.</param>
    internal VotePage(HttpRequest request, PollRequest poll, string token, DateTimeOffset now, bool frame)
    {
        this.poll = poll;
        Token = token;
        path = PathOf(poll.Style.Form) + poll.Poll.Name;
        parameters =
        [
            ("site", poll.Page.Site), ("page", poll.Page.Path),
            .. Passed.Where(name => !string.IsNullOrEmpty(request.Query[name].LastOrDefault())).Select(name => (name, request.Query[name][^1]!)),
        ];
        var ofAnyPage = !frame && poll.Style is { Theme: Theme.None, Background.A: 0 };
        ofPicture = [.. parameters, .. ofAnyPage ? [("theme", "auto")] : Array.Empty<(string, string)>(), ("watch", "1")];
        IsClosed = poll.Poll.Definition.IsClosed(now);
        var view = new PollView(poll.Poll.Definition, poll.Poll.Votes, IsClosed, Shown: true);
        (Width, Height) = PollFrames.SizeOf(view, poll.Style);
        HeadLines = IsRow ? 0 : PollBars.HeadLines(view, poll.Style);
    }

    public bool IsRow => poll.Style.Form == PollForm.Row;

    public bool IsClosed { get; }

    /// <summary>Whether the colours are to be those that the reader's system prefers.</summary>
    public bool FollowsSystem => parameters.Contains(("theme", "auto"));

    public IReadOnlyList<string> Answers => poll.Poll.Definition.Answers;

    /// <summary>The answer that whoever asks has chosen today; null for none.</summary>
    public string? Chosen { get; init; }

    public string Title => poll.Poll.Definition.Question ?? "Reactions";

    /// <summary>The page that the poll belongs to.</summary>
    public string On => poll.Page.ToString();

    public string Token { get; }

    /// <summary>Where votes go.</summary>
    public string Action => ImageAddress.Write(path, parameters);

    /// <summary>
    /// The live picture, in the colours of the page where that is ours and nothing else is asked for. It counts nobody: a browser may show a
    /// frame over a connection of its own, which would be another visitor.
    /// </summary>
    public string Picture => ImageAddress.Write(path + ".svg", ofPicture);

    /// <summary>The same as it is now, for places where the address is shared.</summary>
    public string Still => ImageAddress.Write(
        path + ".png",
        [
            .. parameters.Where(parameter => parameter.Item1 is not ("theme" or "background" or "scale")),
            ("theme", "light"), ("background", "fbfcfb"), ("scale", new FrameSize(2 * Width, 2 * Height).Fits ? "2" : "1"), ("live", "0"), ("watch", "1"),
        ]);

    /// <summary>What there is to do on the page.</summary>
    public string Description => IsClosed ? $"A closed poll on {On}." : IsRow ? $"React to {On} with one click." : $"Vote with one click: a poll on {On}.";

    public int Width { get; }

    public int Height { get; }

    /// <summary>The lines of the picture above the answers.</summary>
    public int HeadLines { get; }

    /// <summary>Where the addresses of a form begin.</summary>
    internal static string PathOf(PollForm form) => form == PollForm.Row ? "/react/" : "/poll/";
}
