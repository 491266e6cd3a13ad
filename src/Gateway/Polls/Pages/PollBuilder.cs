using System.Globalization;
using System.Net;
using Counter.Counting.Polls;
using Counter.Gateway.Embedding;
using Counter.Gateway.Frames;
using Counter.Gateway.Polls.Pictures;

namespace Counter.Gateway.Polls.Pages;

/// <summary>What the builder of polls was asked for: the same parameters as a picture's, the form and the name.</summary>
public sealed class PollBuilder
{
    /// <summary>The page that the preview's poll belongs to.</summary>
    private const string OwnPage = "/polls";

    private const string Bars = "bars";

    private static readonly string[] Passed = ["site", "page", .. PollQuery.Names, .. PollLook.Names];

    private readonly IQueryCollection query;
    private readonly string address;
    private readonly Dictionary<string, string[]> errors = [];
    private readonly PollForm form;
    private readonly PollLook look;
    private readonly PollDefinition asked;

    internal PollBuilder(HttpRequest request)
    {
        query = request.Query;
        address = BaseAddress.Of(request);
        form = this["look"] == Bars ? PollForm.Bars : PollForm.Row;
        look = PollLook.Read(query, form, ImageFormat.Svg, site: null, errors);
        var usual = new PollDefinition(IsBars ? "Tea or coffee?" : null, IsBars ? ["Tea", "Coffee"] : PollQuery.UsualReactions);
        asked = PollQuery.Read(query, form, errors) ?? usual;
        if (this["name"] is { Length: > 0 } name && !PollRules.IsName(name))
        {
            errors["name"] = [PollRules.NameAllowed];
        }
    }

    /// <summary>Whether it has a question and bars, and is no row of reactions.</summary>
    public bool IsBars => form == PollForm.Bars;

    /// <summary>The frame, for any HTML.</summary>
    public string Iframe
    {
        get
        {
            var (width, height) = Size;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"<iframe src=\"{WebUtility.HtmlEncode(address + Frame)}\" width=\"{width}\" height=\"{height}\" style=\"border:0;max-width:100%;color-scheme:normal\" title=\"{(IsBars ? "A poll" : "Reactions")}\"></iframe>");
        }
    }

    /// <summary>The picture and a link, for Markdown.</summary>
    public string Markdown => $"[![{(IsBars ? "A poll" : "Reactions")}]({address}{Write(".svg")})]({address}{Write("")})";

    /// <summary>The picture and a link, for forums.</summary>
    public string BbCode => $"[url={address}{Write("")}][img]{address}{Write(".png")}[/img][/url]";

    /// <summary>The frame, as the preview shows it: a poll on this page, that works.</summary>
    public string Preview => ImageAddress.Write("/embed" + Path(""), [.. Parameters.Where(p => p.Name is not ("site" or "page")), ("page", OwnPage)]);

    /// <summary>The size of the preview.</summary>
    public (int Width, int Height) Size
    {
        get
        {
            var size = PollFrames.SizeOf(new PollView(asked, new long[asked.Answers.Count], Closed: false, Shown: true), look);
            return (size.Width, size.Height);
        }
    }

    /// <summary>The value of a parameter; empty when it is not there.</summary>
    public string this[string name] => query[name].LastOrDefault() ?? "";

    private string Frame => ImageAddress.Write("/embed" + Path(""), Parameters);

    private (string Name, string Value)[] Parameters =>
    [
        .. Passed.Where(name => this[name].Length > 0 && !errors.ContainsKey(name)).Select(name => (name, this[name])),
        .. IsBars && this["options"].Length == 0 ? [("question", asked.Question!), ("options", string.Join(',', asked.Answers))] : Array.Empty<(string, string)>(),
    ];

    /// <summary>What is wrong with a parameter; null when nothing is.</summary>
    public string? Error(string name) => errors.GetValueOrDefault(name)?[0];

    private string Path(string ending) =>
        VotePage.PathOf(form) + (this["name"] is { Length: > 0 } name && !errors.ContainsKey("name") ? name : IsBars ? "poll" : "like") + ending;

    /// <summary>The picture or page; a theme that follows the reader is one of SVG only.</summary>
    private string Write(string ending) => ImageAddress.Write(
        Path(ending), [.. Parameters.Where(parameter => ending != ".png" || parameter is not { Name: "theme", Value: "auto" })]);
}
