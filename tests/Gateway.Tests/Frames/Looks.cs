using Counter.Gateway.Frames;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace Counter.Gateway.Tests.Frames;

/// <summary>Generates queries, and looks that a query was accepted for.</summary>
internal static class Looks
{
    private static readonly string[] Names =
    [
        "style", "label", "one", "color", "background", "font", "size", "padding", "scale", "short", "theme", "minwidth", "locale",
    ];

    private static readonly string[] Plausible =
    [
        "0", "1", "2", "4", "8", "13", "64", "200", "badge", "flat", "pill", "digits", "red", "#1234", "transparent", "abcdef", "light", "dark", "auto", "en",
        "ar-EG", "hi-IN", "DejaVu Serif", "monospace", "{n}", "👥 {n}", "المتصلون: {n}", "<b>&'\"{n}", "  {n}  ", "在线 {n}",
    ];

    /// <summary>Any UTF-16: lone surrogates, controls, combining marks and all.</summary>
    public static Gen<string> Texts { get; } = Gen.OneOf(
        Gen.Choose(0, 0xFFFF).Select(c => (char)c).ArrayOf().Select(chars => new string(chars)),
        Gen.Elements(Plausible));

    public static Gen<QueryCollection> Queries { get; } = Queried(Gen.OneOf(Texts, Gen.Elements(Plausible)));

    /// <summary>Accepted looks, as any query with what was refused taken out.</summary>
    public static Gen<CounterStyle> Accepted { get; } =
        from query in Queried(Gen.Elements(Plausible))
        from format in Gen.Elements(Enum.GetValues<ImageFormat>())
        select Accept(query, format);

    private static Gen<QueryCollection> Queried(Gen<string> values) =>
        Gen.Zip(Gen.SubListOf(Names), values.ArrayOf(Names.Length)).Select(both => new QueryCollection(
            both.Item1.Zip(both.Item2).ToDictionary(pair => pair.First, pair => new StringValues(pair.Second))));

    private static CounterStyle Accept(QueryCollection query, ImageFormat format)
    {
        StyleQuery.TryParse(query, format, out _, out var errors);
        var rest = query.Where(pair => !errors.ContainsKey(pair.Key)).ToDictionary(pair => pair.Key, pair => pair.Value);
        Assert.True(StyleQuery.TryParse(new QueryCollection(rest), format, out var style, out _));
        return style;
    }
}
