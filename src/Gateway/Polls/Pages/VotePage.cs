using Counter.Gateway.Frames;
using Counter.Gateway.Http;
using Counter.Gateway.Polls.Pictures;

namespace Counter.Gateway.Polls.Pages;

/// <summary>The content of a page with buttons, and the target of its form.</summary>
public sealed class VotePage
{
    /// <summary>The address of the empty frame for the outcome of a vote.</summary>
    public const string Empty = "/embed/vote";

    private static readonly string[] Passed = [.. PollQuery.Names, .. PollStyle.Names];

    private readonly PollRequest poll;
    private readonly string path;
    private readonly (string, string)[] parameters;
    private readonly (string, string)[] ofPicture;

    /// <param name="request">The request for the page.</param>
    /// <param name="poll">The poll.</param>
    /// <param name="token">Proves that this service made the form.</param>
    /// <param name="now">The current time.</param>
    /// <param name="frame">Whether it is a frame on a page with unknown colours, not a page of its own.</param>
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

    /// <summary>Whether the colours follow the preference of the reader's system.</summary>
    public bool FollowsSystem => parameters.Contains(("theme", "auto"));

    public IReadOnlyList<string> Answers => poll.Poll.Definition.Answers;

    /// <summary>The answer that the visitor chose today; null for none.</summary>
    public string? Chosen { get; init; }

    public string Title => poll.Poll.Definition.Question ?? "Reactions";

    /// <summary>The page that the poll belongs to.</summary>
    public string On => poll.Page.ToString();

    public string Token { get; }

    /// <summary>The address that receives the votes.</summary>
    public string Action => ImageAddress.Write(path, parameters);

    /// <summary>
    /// The address of the live picture. On a page of its own the picture follows the page's colours, unless the request sets others. It counts
    /// no viewer: a browser may load a frame over a separate connection, which would be another visitor.
    /// </summary>
    public string Picture => ImageAddress.Write(path + ".svg", ofPicture);

    /// <summary>The address of a still picture, for places where the page's address is shared.</summary>
    public string Still => ImageAddress.Write(
        path + ".png",
        [
            .. parameters.Where(parameter => parameter.Item1 is not ("theme" or "background" or "scale")),
            ("theme", "light"), ("background", "fbfcfb"), ("scale", new FrameSize(2 * Width, 2 * Height).Fits ? "2" : "1"), ("live", "0"), ("watch", "1"),
        ]);

    /// <summary>The description of the page.</summary>
    public string Description => IsClosed ? $"A closed poll on {On}." : IsRow ? $"React to {On} with one click." : $"Vote with one click: a poll on {On}.";

    public int Width { get; }

    public int Height { get; }

    /// <summary>The lines of the picture above the answers.</summary>
    public int HeadLines { get; }

    /// <summary>The path where the addresses of a form begin.</summary>
    internal static string PathOf(PollForm form) => form == PollForm.Row ? "/react/" : "/poll/";
}
