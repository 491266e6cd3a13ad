using System.Globalization;
using System.Security.Cryptography;
using Counter.Gateway.Frames;
using Counter.Gateway.Http;

namespace Counter.Gateway.Embedding;

/// <summary>The builder's fields as somebody filled them in, named as the picture's parameters, and what is wrong with them.</summary>
public sealed class BuilderForm
{
    /// <summary>The alternative text of a picture whose own text says nothing.</summary>
    public const string UsualAlt = "Users online";

    private const string FormatName = "format";

    /// <summary>
    /// Every parameter in the order in which URLs have them, with what it means to leave it out; label and size depend on the style.
    /// </summary>
    private static readonly (string Name, string Usual)[] Parameters =
    [
        ("site", ""), ("page", ""), ("count", "page"), ("style", "text"), ("label", ""), ("one", ""), ("color", ""),
        ("background", ""), ("font", ""), ("size", ""), ("padding", "0"), ("scale", "1"),
        ("short", "0"), ("theme", ""), ("minwidth", "0"), ("locale", "en"), ("watch", "0"), ("live", "1"),
    ];

    /// <summary>For screens that are not dense.</summary>
    public static readonly (string Name, string Value) NotDense = ("scale", "1");

    /// <summary>What says which number is shown, and to whom. The previews show this page's.</summary>
    private static readonly string[] Targets = ["site", "page", "count", "watch", "live"];

    /// <summary>What means the same for a chart.</summary>
    private static readonly string[] InCharts = [.. Targets, "color", "background", "theme"];

    /// <summary>What means the same for a badge of shields.io.</summary>
    private static readonly string[] InBadges = ["site", "page", "count", "label", "color"];

    private readonly Dictionary<string, string> values;
    private readonly Dictionary<string, string[]> errors;

    private BuilderForm(Dictionary<string, string> values, CounterStyle? style, Dictionary<string, string[]> errors)
    {
        this.values = values;
        this.errors = errors;
        Style = style;
    }

    /// <summary>The look; null when there are errors.</summary>
    internal CounterStyle? Style { get; }

    /// <summary>
    /// Another one for each answer, for pictures on pages that a browser may keep. Measured in Firefox 153: while a page in its
    /// back/forward cache holds a stream, the next page gets nothing from the same URL until the stream has sent another frame.
    /// </summary>
    public string Visit { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    /// <summary>Whether every field is allowed.</summary>
    public bool IsValid => errors.Count == 0;

    /// <summary>The ending of the picture's path: png, svg or jpg.</summary>
    public string Format => this[FormatName] is "svg" or "jpg" or "webp" ? this[FormatName] : "png";

    /// <summary>What it looks like; text while that is not known.</summary>
    internal StyleKind Kind => Array.Find(Enum.GetValues<StyleKind>(), style => style.Name == this["style"]);

    /// <summary>Image pixels for each CSS pixel.</summary>
    public int Scale => Style?.Scale ?? 1;

    /// <summary>Whether the colours are those that the reader's system prefers.</summary>
    public bool FollowsSystem => Style?.Theme == Theme.Auto;

    /// <summary>
    /// The <c>srcset</c> of a picture that is sharper than the plain one, so that a browser shows it at its size in CSS pixels,
    /// and loads it where the screen is dense; null when there is none.
    /// </summary>
    public string? Dense(string url) => Scale == 1 ? null : $"{url} {Number(Scale)}x";

    /// <summary>What the picture says to those who do not see it: its text, without a number that would soon be wrong.</summary>
    public string Alt
    {
        get
        {
            string plain = Frames.CounterStyle.CaptionOf(Filled("label"));
            return plain.Any(char.IsLetterOrDigit) && !IsUsual("label") ? plain : UsualAlt;
        }
    }

    /// <summary>What is in a field; empty when nothing is.</summary>
    public string this[string name] => values.GetValueOrDefault(name, "");

    /// <summary>What a field shows: its value, or what leaving it out means.</summary>
    public string Filled(string name) => this[name] is { Length: > 0 } given ? given : Usual(name);

    /// <summary>What is allowed in a field that has something else; null when it is fine.</summary>
    public string? Error(string name) => errors.TryGetValue(name, out string[]? sentences) ? sentences[0] : null;

    /// <summary>Whether one of these fields says something of its own, or something wrong.</summary>
    public bool Uses(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (Error(name) is not null || !IsUsual(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The path of the live picture, with parameters where they say something.</summary>
    /// <param name="more">Parameters to add, or to put in place of the form's.</param>
    public string Picture(params ReadOnlySpan<(string Name, string Value)> more) =>
        ImageAddress.Write("/online." + Format, [.. Chosen(more)]);

    /// <summary>The path of the live chart: the same number and colours. There is none as JPEG, and none of visitors.</summary>
    public string Chart() => ImageAddress.Write(
        "/online/chart." + (Format == "svg" ? "svg" : "png"),
        [.. Chosen([]).Where(p => InCharts.Contains(p.Name) && p is not ("count", "visitors"))]);

    /// <summary>The path of the badge for shields.io: the same number, text and colour.</summary>
    public string Badge() => ImageAddress.Write("/badge.json", [.. Chosen([]).Where(p => InBadges.Contains(p.Name))]);

    /// <summary>The path of the frame page.</summary>
    public string Frame() => ImageAddress.Write("/embed", [.. Fields()]);

    /// <summary>The fields that say something, and the format.</summary>
    public IEnumerable<(string Name, string Value)> Fields() => [.. Format == "png" ? [] : new[] { (FormatName, Format) }, .. Chosen([])];

    /// <summary>The live number of the demo page in this look. Who tries looks is not counted twice.</summary>
    public string Preview(params ReadOnlySpan<(string Name, string Value)> more) =>
        ImageAddress.Write("/online." + Format, [("page", "/"), ("watch", "1"), .. LookOnly(more), ("visit", Visit)]);

    /// <summary>A still of a number in this look.</summary>
    public string Still(int n, params ReadOnlySpan<(string Name, string Value)> more) =>
        ImageAddress.Write("/preview." + Format, [("n", Number(n)), .. LookOnly(more)]);

    /// <summary>The form with other values.</summary>
    internal BuilderForm With(params ReadOnlySpan<(string Name, string Value)> others)
    {
        var changed = new Dictionary<string, string>(values);
        foreach (var (name, value) in others)
        {
            changed[name] = value;
        }

        return new BuilderForm(changed, Style, errors);
    }

    /// <summary>Whether <see cref="Read"/> answers at once, and need not measure a look first.</summary>
    internal static bool IsMeasured(IQueryCollection query, FrameCache frames) =>
        StyleQuery.TryParse(query, FormatOf(query), out var style, out _) && frames.IsMeasured(style);

    /// <summary>Reads the fields. Of a repeated one the last counts, as in the picture's URL.</summary>
    internal static BuilderForm Read(IQueryCollection query, FrameCache frames)
    {
        var values = new Dictionary<string, string>();
        foreach (string name in Parameters.Select(p => p.Name).Append(FormatName))
        {
            if (query[name] is [.., { Length: > 0 } value])
            {
                values[name] = value;
            }
        }

        if (FollowsReader(query) && values.GetValueOrDefault(FormatName) is null or "png" or "jpg" or "webp")
        {
            values[FormatName] = "svg";
        }

        if (StyleQuery.TryParse(query, FormatOf(query), out var style, out var errors) && frames.Measure(style).Problem is { } problem)
        {
            errors["size"] = [problem];
            style = null;
        }

        if (values.GetValueOrDefault(FormatName) is not (null or "png" or "svg" or "jpg" or "webp"))
        {
            errors[FormatName] = ["png, svg, jpg or webp."];
        }

        if (values.GetValueOrDefault("count") is not (null or "page" or "site" or "visitors"))
        {
            errors["count"] = ["page, site or visitors."];
        }

        return new BuilderForm(values, style, errors);
    }

    /// <summary>The form as if the wrong fields were empty, so that what is right can be shown.</summary>
    internal BuilderForm WithoutErrors(IQueryCollection query, FrameCache frames) =>
        IsValid ? this : Read(new QueryCollection(query.Where(p => !errors.ContainsKey(p.Key)).ToDictionary()), frames);

    /// <summary>Only SVG can follow the reader's system, so who asks for that has chosen it.</summary>
    private static ImageFormat FormatOf(IQueryCollection query) => query[FormatName].LastOrDefault() switch
    {
        _ when FollowsReader(query) => ImageFormat.Svg,
        "svg" => ImageFormat.Svg,
        "jpg" => ImageFormat.Jpeg,
        "webp" => ImageFormat.WebP,
        _ => ImageFormat.Png,
    };

    private static bool FollowsReader(IQueryCollection query) => query["theme"].LastOrDefault() == "auto";

    private static string Number(int n) => n.ToString(CultureInfo.InvariantCulture);

    /// <summary>What it means to leave a field out.</summary>
    public string Usual(string name) => name switch
    {
        "label" => Kind.Label,
        "size" => Number(Kind.Size),
        _ => Parameters.FirstOrDefault(p => p.Name == name).Usual ?? "",
    };

    private bool IsUsual(string name) => Filled(name) == Usual(name);

    private IEnumerable<(string Name, string Value)> LookOnly(ReadOnlySpan<(string Name, string Value)> more) =>
        Chosen(more).Where(p => !Targets.Contains(p.Name));

    private List<(string Name, string Value)> Chosen(ReadOnlySpan<(string Name, string Value)> more)
    {
        var chosen = new List<(string Name, string Value)>();
        foreach (var (name, _) in Parameters)
        {
            if (!IsUsual(name))
            {
                // Colours are read with and without it, and without it nothing needs escaping.
                chosen.Add((name, name is "color" or "background" ? this[name].TrimStart('#') : this[name]));
            }
        }

        foreach (var extra in more)
        {
            chosen.RemoveAll(p => p.Name == extra.Name);
            if (extra.Value != Usual(extra.Name))
            {
                chosen.Add(extra);
            }
        }

        return chosen;
    }
}
