using System.Globalization;
using System.Net;
using Counter.Gateway.Frames;
using Counter.Gateway.Html;
using Counter.Gateway.Http;
using Counter.Gateway.Polls.Pictures;
using Microsoft.Extensions.Primitives;

namespace Counter.Gateway.Polls.Pages;

/// <summary>The parameters of the poll builder page: those of a picture, the form and the name.</summary>
public sealed class PollBuilder
{
    /// <summary>The page that the preview's poll belongs to.</summary>
    private const string OwnPage = "/polls";

    private const string Bars = "bars";

    // The parameters that can make a picture too large, the least important first.
    private static readonly string[] Growing = ["scale", "size", "options"];

    private static readonly string[] Passed = ["site", "page", .. PollQuery.Names, .. PollStyle.Names];

    private readonly IQueryCollection query;
    private readonly string address;
    private readonly Dictionary<string, string[]> errors = [];
    private readonly PollForm form;

    internal PollBuilder(HttpRequest request)
    {
        query = request.Query;
        address = BaseAddress.Of(request);
        form = this["look"] == Bars ? PollForm.Bars : PollForm.Row;
        PollStyle.Read(query, form, ImageFormat.Svg, site: null, errors);
        PollQuery.Read(query, form, errors);
        if (IsBars && this["question"].Length > 0 && this["options"].Length == 0)
        {
            errors["options"] = ["List the answers, separated by commas: Yes,No"];
        }

        if (this["name"] is { Length: > 0 } name && !PollValidator.IsName(name))
        {
            errors["name"] = [PollValidator.NameAllowed];
        }

        Size = Measure(out var picture);
        foreach (var cause in Growing.Where(name => this[name].Length > 0))
        {
            if (!picture.Fits)
            {
                errors.TryAdd(cause, [$"The picture would be {picture.Width} x {picture.Height} pixels, which is too large."]);
                Size = Measure(out picture);
            }
        }
    }

    /// <summary>Whether the colours follow the preference of the reader's system.</summary>
    public bool FollowsSystem => this["theme"] == "auto";

    /// <summary>Whether it is a question with bars, not a row of reactions.</summary>
    public bool IsBars => form == PollForm.Bars;

    /// <summary>The HTML of the frame.</summary>
    public string Iframe
    {
        get
        {
            var (width, height) = Size;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"<iframe src=\"{WebUtility.HtmlEncode(address + Frame)}\" width=\"{width}\" height=\"{height}\" style=\"border:0;max-width:100%;color-scheme:{FrameScheme.Of(FollowsSystem)}\" title=\"{(IsBars ? "A poll" : "Reactions")}\"></iframe>");
        }
    }

    /// <summary>The picture with a link, as Markdown.</summary>
    public string Markdown => $"[![{(IsBars ? "A poll" : "Reactions")}]({address}{Write(".svg")})]({address}{Write("")})";

    /// <summary>The picture with a link, as BBCode for forums.</summary>
    public string BbCode => $"[url={address}{Write("")}][img]{address}{Write(".png")}[/img][/url]";

    /// <summary>The address of the preview's frame: a working poll of this page.</summary>
    public string Preview => ImageAddress.Write("/embed" + Path(""), [.. Parameters.Where(p => p.Name is not ("site" or "page")), ("page", OwnPage)]);

    /// <summary>The size of the preview in CSS pixels.</summary>
    internal FrameSize Size { get; }

    /// <summary>The value of a parameter; empty when it is missing.</summary>
    public string this[string name] => query[name].LastOrDefault() ?? "";

    private string Frame => ImageAddress.Write("/embed" + Path(""), Parameters);

    /// <summary>The valid parameters, and samples of those that bars need and the request lacks.</summary>
    private (string Name, string Value)[] Parameters
    {
        get
        {
            var good = Passed.Where(name => this[name].Length > 0 && !errors.ContainsKey(name)).Select(name => (name, this[name])).ToList();
            if (IsBars && !good.Exists(parameter => parameter.name == "options"))
            {
                good.Add(("options", "Tea,Coffee"));
                if (!good.Exists(parameter => parameter.name == "question"))
                {
                    good.Add(("question", "Tea or coffee?"));
                }
            }

            return [.. good];
        }
    }

    /// <summary>The error of a parameter; null when it is valid.</summary>
    public string? Error(string name) => errors.GetValueOrDefault(name)?[0];

    private string Path(string ending) =>
        VotePage.PathOf(form) + (this["name"] is { Length: > 0 } name && !errors.ContainsKey("name") ? name : IsBars ? "poll" : "like") + ending;

    /// <summary>Writes the address of the picture or page. PNG has no theme <c>auto</c>.</summary>
    private string Write(string ending) => ImageAddress.Write(
        Path(ending), [.. Parameters.Where(parameter => ending != ".png" || parameter is not { Name: "theme", Value: "auto" })]);

    /// <summary>Measures the preview in CSS pixels, and its picture in image pixels.</summary>
    private FrameSize Measure(out FrameSize picture)
    {
        var shown = new QueryCollection(Parameters.ToDictionary(parameter => parameter.Name, parameter => new StringValues(parameter.Value)));
        var asked = PollQuery.Read(shown, form, [])!;
        var style = PollStyle.Read(shown, form, ImageFormat.Svg, site: null, []);
        var size = PollFrames.SizeOf(new PollView(asked, new long[asked.Answers.Count], Closed: false, Shown: true), style);
        picture = new FrameSize(size.Width * style.Scale, size.Height * style.Scale);
        return size;
    }
}
