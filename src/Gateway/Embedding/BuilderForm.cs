using System.Globalization;
using System.Security.Cryptography;
using Counter.Counting.History;
using Counter.Gateway.Frames;
using Counter.Gateway.Http;

namespace Counter.Gateway.Embedding;

/// <summary>The values of the builder's fields, named like the picture's parameters, and their errors.</summary>
public sealed class BuilderForm
{
    /// <summary>The alternative text of a picture whose own text says nothing.</summary>
    public const string UsualAlt = "Users online";

    private const string FormatName = "format";

    /// <summary>All parameters in the order of URLs, with their defaults. The defaults of label and size depend on the style.</summary>
    private static readonly (string Name, string Usual)[] Parameters =
    [
        ("site", ""), ("page", ""), ("count", "page"), ("of", "page"), ("tz", "UTC"), ("style", "text"), ("label", ""), ("one", ""), ("color", ""),
        ("background", ""), ("font", ""), ("size", ""), ("padding", "0"), ("scale", "1"),
        ("short", "0"), ("theme", ""), ("minwidth", "0"), ("locale", "en"), ("watch", "0"), ("live", "1"),
    ];

    /// <summary>The parameter for screens that are not dense.</summary>
    public static readonly (string Name, string Value) NotDense = ("scale", "1");

    private static readonly (string Name, string[] Words)[] Choices =
        [(FormatName, ["png", "svg", "jpg", "webp"]), ("count", ["page", "site", "visitors", "arrivals", "today", "peak"]), ("of", ["page", "site"])];

    /// <summary>The parameters that choose the number and how it is sent. Previews show the number of their own page.</summary>
    private static readonly string[] Targets = ["site", "page", "count", "of", "tz", "watch", "live"];

    /// <summary>The parameters that mean the same for a chart.</summary>
    private static readonly string[] InCharts = [.. Targets, "color", "background", "theme"];

    private readonly Dictionary<string, string> values;
    private readonly Dictionary<string, string[]> errors;

    private BuilderForm(Dictionary<string, string> values, CounterStyle? style, Dictionary<string, string[]> errors)
    {
        this.values = values;
        this.errors = errors;
        Style = style;
    }

    /// <summary>The style; null when there are errors.</summary>
    internal CounterStyle? Style { get; }

    /// <summary>
    /// A new value for each answer, for pictures on pages that a browser may keep. Measured in Firefox 153: while a page in its
    /// back/forward cache holds a stream, the next page gets nothing from the same URL until the stream has sent another frame.
    /// </summary>
    public string Visit { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    /// <summary>Whether all fields are valid.</summary>
    public bool IsValid => errors.Count == 0;

    /// <summary>The extension of the picture's path: png, svg, jpg or webp.</summary>
    public string Format => this[FormatName] is "svg" or "jpg" or "webp" ? this[FormatName] : "png";

    /// <summary>The kind of the style; text when the field names no style.</summary>
    internal StyleKind Kind => Array.Find(Enum.GetValues<StyleKind>(), style => style.Name == this["style"]);

    /// <summary>Image pixels for each CSS pixel.</summary>
    public int Scale => Style?.Scale ?? 1;

    /// <summary>Whether the colours follow the reader's system.</summary>
    public bool FollowsSystem => Style?.Theme == Theme.Auto;

    /// <summary>
    /// The <c>srcset</c> of a picture that is sharper than the plain one; null when there is none. With it a browser shows the picture at
    /// its size in CSS pixels, and loads it on dense screens.
    /// </summary>
    public string? Dense(string url) => Scale == 1 ? null : $"{url} {Number(Scale)}x";

    /// <summary>The alternative text of the picture: its text without the number, which would soon be wrong.</summary>
    public string Alt
    {
        get
        {
            string plain = Frames.CounterStyle.CaptionOf(Filled("label"));
            return plain.Any(char.IsLetterOrDigit) && !IsUsual("label") ? plain
                : IsTotal ? CounterStyle.CaptionOf(StyleKind.Text.LabelOf(this["count"])) : UsualAlt;
        }
    }

    /// <summary>The value of a field; empty when it has none.</summary>
    public string this[string name] => values.GetValueOrDefault(name, "");

    /// <summary>The value that a field shows: its own or the default.</summary>
    public string Filled(string name) => this[name] is { Length: > 0 } given ? given : Usual(name);

    /// <summary>The values that a field allows, when its own is invalid; null when it is valid.</summary>
    public string? Error(string name) => errors.TryGetValue(name, out string[]? sentences) ? sentences[0] : null;

    /// <summary>Whether one of these fields is invalid or differs from its default.</summary>
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

    /// <summary>The path of the live picture, with the parameters that differ from their defaults.</summary>
    /// <param name="more">Parameters to add, or to replace those of the form.</param>
    public string Picture(params ReadOnlySpan<(string Name, string Value)> more) =>
        ImageAddress.Write("/online." + Format, [.. Chosen(more)]);

    /// <summary>The path of the live chart: the viewers of the same page or site, in the same colours. There is no chart as JPEG, and none of visitors.</summary>
    public string Chart() => ImageAddress.Write(
        "/online/chart." + (Format == "svg" ? "svg" : "png"),
        [.. (IsTotal ? With(("count", this["of"])) : this).Chosen([]).Where(p => InCharts.Contains(p.Name) && p is not (("count", "visitors") or ("of" or "tz", _)))]);

    /// <summary>The path of the badge for shields.io: the same number, text and colour.</summary>
    public string Badge() => ImageAddress.Write(
        "/badge.json", [.. Chosen([]).Where(p => p.Name is "site" or "page" or "count" or "of" or "tz" or "label" or "color")]);

    /// <summary>The path of the frame page.</summary>
    public string Frame() => ImageAddress.Write("/embed", [.. Fields()]);

    /// <summary>The fields that say something, and the format.</summary>
    public IEnumerable<(string Name, string Value)> Fields() => [.. Format == "png" ? [] : new[] { (FormatName, Format) }, .. Chosen([])];

    /// <summary>The path of the start page's live number in this style. It has <c>watch=1</c>, so that trying styles adds no viewers.</summary>
    public string Preview(params ReadOnlySpan<(string Name, string Value)> more) =>
        ImageAddress.Write("/online." + Format, [("page", "/"), ("watch", "1"), .. LookOnly(more), ("visit", Visit)]);

    /// <summary>The path of a still of a number in this style.</summary>
    public string Still(int n, params ReadOnlySpan<(string Name, string Value)> more) =>
        ImageAddress.Write("/preview." + Format, [("n", Number(n)), .. LookOnly(more)]);

    /// <summary>Returns the form with other values.</summary>
    internal BuilderForm With(params ReadOnlySpan<(string Name, string Value)> others)
    {
        var changed = new Dictionary<string, string>(values);
        foreach (var (name, value) in others)
        {
            changed[name] = value;
        }

        return new BuilderForm(changed, Style, errors);
    }

    /// <summary>Whether <see cref="Read"/> returns at once and need not measure a style first.</summary>
    internal static bool IsMeasured(IQueryCollection query, FrameCache frames) =>
        StyleQuery.TryParse(query, FormatOf(query), out var style, out _) && frames.IsMeasured(style);

    /// <summary>Reads the fields. The last value of a repeated field counts, as in the picture's URL.</summary>
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

        foreach (var (name, words) in Choices)
        {
            if (values.TryGetValue(name, out string? word) && !words.Contains(word))
            {
                errors[name] = [string.Join(", ", words.SkipLast(1)) + $" or {words[^1]}."];
            }
        }

        if (values.GetValueOrDefault("tz") is { } zone && ZoneDay.FindZone(zone) is null)
        {
            errors["tz"] = ["A name such as Europe/Berlin."];
        }

        return new BuilderForm(values, style, errors);
    }

    /// <summary>Returns the form as if the invalid fields were empty, to show the valid ones.</summary>
    internal BuilderForm WithoutErrors(IQueryCollection query, FrameCache frames) =>
        IsValid ? this : Read(new QueryCollection(query.Where(p => !errors.ContainsKey(p.Key)).ToDictionary()), frames);

    /// <summary>Returns the format. Only SVG can follow the reader's system, so <c>theme=auto</c> selects SVG.</summary>
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

    /// <summary>The default of a field.</summary>
    public string Usual(string name) => name switch
    {
        "label" => Kind.LabelOf(this["count"]),
        "size" => Number(Kind.Size),
        _ => Parameters.FirstOrDefault(p => p.Name == name).Usual ?? "",
    };

    private bool IsTotal => StyleKind.Text.LabelOf(this["count"]) != StyleKind.Text.Label;

    private bool IsUsual(string name) => Filled(name) == Usual(name);

    private IEnumerable<(string Name, string Value)> LookOnly(ReadOnlySpan<(string Name, string Value)> more) =>
        Chosen(more).Where(p => !Targets.Contains(p.Name) || (p.Name == "count" && IsTotal));

    private List<(string Name, string Value)> Chosen(ReadOnlySpan<(string Name, string Value)> more)
    {
        var chosen = new List<(string Name, string Value)>();
        foreach (var (name, _) in Parameters)
        {
            if (!IsUsual(name))
            {
                // A colour may have a # in front. Without it nothing needs escaping.
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
