using System.Net;
using Counter.Gateway.Embedding;
using Counter.Gateway.Frames;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace Counter.Gateway.Tests.Embedding;

/// <summary>Snippets to paste, from any values in a URL.</summary>
public sealed class SnippetTests : IDisposable
{
    private const string Host = "https://counter.example.com";
    private const string Hostile = "\"'><script>alert(1)</script>&amp;[/img][url=//evil]](//evil)![x`\\\u202e é 中";

    private readonly FrameRenderer renderer = new();
    private readonly FrameCache frames;

    public SnippetTests() => frames = new FrameCache(renderer);

    public void Dispose() => renderer.Dispose();

    [Fact]
    public void Without_choices_the_snippet_is_the_shortest()
    {
        var snippets = Snippets();
        Assert.Equal("<img src=\"https://counter.example.com/online.png\" height=\"19\" alt=\"Users online\" title=\"With ~ before it, the number is no longer live: load the page again.\">", snippets.Html);
        Assert.Equal("[img]https://counter.example.com/online.png[/img]", snippets.BbCode);
        Assert.Equal("![Users online](https://counter.example.com/online.png \"With ~ before it, the number is no longer live: load the page again.\")", snippets.Markdown);
        Assert.Equal("<script src=\"https://counter.example.com/count.js\" async></script>", snippets.Script);
        Assert.Equal("![Users online](https://img.shields.io/endpoint?url=https%3A%2F%2Fcounter.example.com%2Fbadge.json)", snippets.Shields);
        Assert.Matches(
            "^<iframe src=\"https://counter.example.com/embed\" title=\"Users online\" width=\"\\d+\" height=\"\\d+\" style=\"border:0;color-scheme:light\"></iframe>$",
            snippets.Iframe);
    }

    [Fact]
    public void Only_values_other_than_the_default_are_in_the_address()
    {
        var snippets = Snippets(
            ("format", "svg"), ("label", "Users online: {n}"), ("size", "16"), ("padding", "0"), ("scale", "1"), ("short", "0"),
            ("count", "page"), ("locale", "en"), ("minwidth", ""), ("color", "#c2410c"), ("page", "/blog/first post"), ("bogus", "1"));
        Assert.Equal("[img]https://counter.example.com/online.svg?page=/blog/first%20post&color=c2410c[/img]", snippets.BbCode);
        Assert.Contains("/embed?format=svg&amp;page=/blog/first%20post&amp;color=c2410c\"", snippets.Iframe, StringComparison.Ordinal);
    }

    [Fact]
    public void A_total_has_its_own_text_and_the_chart_of_its_page_or_site()
    {
        var snippets = Snippets(("count", "today"), ("of", "site"), ("tz", "Asia/Kathmandu"), ("style", "digits"));
        Assert.Contains("/online.png?count=today&amp;of=site&amp;tz=Asia/Kathmandu&amp;style=digits\"", snippets.Html, StringComparison.Ordinal);
        Assert.Contains(" alt=\"Views today\"", snippets.Html, StringComparison.Ordinal);
        Assert.Contains("/online/chart.png?count=site\"", snippets.Chart, StringComparison.Ordinal);
        Assert.Contains("/online/chart.png\"", Snippets(("count", "peak")).Chart, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chart_keeps_the_parameters_that_apply_to_it()
    {
        const string Begin = "<img src=\"https://counter.example.com/online/chart.";
        const string End = "\" width=\"480\" height=\"160\" style=\"max-width:100%;height:auto\" alt=\"Users online in the last 15 minutes\">";
        Assert.Equal(Begin + "png" + End, Snippets(("format", "jpg"), ("count", "visitors"), ("label", "Readers: {n}"), ("scale", "2"), ("size", "20")).Chart);
        Assert.Equal(
            Begin + "svg?site=example.com&amp;page=/a&amp;count=site&amp;color=c2410c&amp;theme=auto" + End,
            Snippets(("format", "svg"), ("site", "example.com"), ("page", "/a"), ("count", "site"), ("color", "c2410c"), ("theme", "auto")).Chart);
        Assert.Equal(1, Snippets(("page", Hostile), ("site", Hostile)).Chart.Count(c => c == '<'));
    }

    [Fact]
    public void A_script_has_data_attributes_and_a_badge_the_parameters_that_apply_to_it()
    {
        var snippets = Snippets(("format", "svg"), ("site", "example.com"), ("page", "/a b"), ("style", "pill"), ("label", "{n} here"), ("color", "#c2410c"), ("count", "site"));
        Assert.Equal(
            "<script src=\"https://counter.example.com/count.js\" data-format=\"svg\" data-site=\"example.com\" data-page=\"/a b\" data-count=\"site\""
            + " data-style=\"pill\" data-label=\"{n} here\" data-color=\"c2410c\" data-alt=\"here\" async></script>",
            snippets.Script);
        Assert.Equal(
            Host + "/badge.json?site=example.com&page=/a%20b&count=site&label=%7Bn%7D%20here&color=c2410c",
            Uri.UnescapeDataString(snippets.Shields.Split("url=")[1].TrimEnd(')')));
    }

    [Fact]
    public void A_scaled_picture_has_a_srcset()
    {
        Assert.Equal(
            "<img src=\"https://counter.example.com/online.png?size=20\" srcset=\"https://counter.example.com/online.png?size=20&amp;scale=2 2x\" height=\"24\" alt=\"Users online\" title=\"" + Counter.Gateway.Embedding.Snippets.Explanation + "\">",
            Snippets(("scale", "2"), ("size", "20")).Html);
    }

    [Theory]
    [InlineData("style=badge", "style=badge\" height=\"20\" alt=\"Users online\"")]
    [InlineData("style=pill&scale=2", " 2x\" height=\"24\" alt=\"Users online\"")]
    [InlineData("style=pill&label=%7Bn%7D%20online", "style=pill\" height")]
    [InlineData("style=pill&label=%7Bn%7D+here", "alt=\"here\"")]
    [InlineData("style=badge&minwidth=160", "minwidth=160\" width=\"160\" height=\"20\"")]
    [InlineData("style=text&one=👥", "alt=\"Users online\"")]
    [InlineData("style=digits&short=1", "height=\"30\" alt=\"Users online\"")]
    public void A_snippet_has_the_size_of_the_picture(string query, string part) => Assert.Contains(
        part, Snippets([.. Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query).Select(field => (field.Key, field.Value.ToString()))]).Html, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("png")]
    [InlineData("webp")]
    public void The_auto_theme_makes_the_picture_SVG(string format)
    {
        var snippets = Snippets(("theme", "auto"), ("format", format));
        Assert.Contains("/online.svg?theme=auto\"", snippets.Html, StringComparison.Ordinal);
        Assert.Contains("/embed?format=svg&amp;theme=auto\"", snippets.Iframe, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_values_are_escaped()
    {
        // The text is refused by no rule: it is somebody's label.
        var snippets = Snippets(("label", Hostile), ("one", "a\nb"), ("page", Hostile), ("site", Hostile));
        Assert.Equal(1, snippets.Html.Count(c => c == '<'));
        Assert.Equal(6, snippets.Html.Count(c => c == '"'));
        Assert.Equal(10, snippets.Iframe.Count(c => c == '"'));
        Assert.Equal(2, snippets.Iframe.Count(c => c == '<'));
        Assert.Matches("^\\[img\\][^\\[\\]<>\"' ]+\\[/img\\]$", snippets.BbCode);

        // Every bracket of the text is escaped, so the first bare one ends it, and the address has neither spaces nor brackets.
        Assert.Matches("^!\\[(\\\\[!-/:-@\\[-`{-~]|[^!-/:-@\\[-`{-~])*\\]\\([^()<> \\[\\]]+ \"[^\"()\\[\\]]+\"\\)$", snippets.Markdown);
        Assert.Matches("^!\\[[^\n]*\\]\\([^()<> \\[\\]\"]+\\)$", snippets.Shields);
        Assert.Equal((2, 2), (snippets.Script.Count(c => c == '<'), snippets.Script.Count(c => c == '>')));
        Assert.DoesNotContain('\n', snippets.Html + snippets.Iframe + snippets.BbCode + snippets.Markdown + snippets.Shields);
    }

    [Fact]
    public void Escaped_values_are_parsed_unchanged()
    {
        var html = Snippets(("label", Hostile)).Html;
        var url = new Uri(WebUtility.HtmlDecode(html.Split('"')[1]));
        Assert.Equal(Hostile, Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(url.Query)["label"]);
    }

    [Fact]
    public void A_frame_is_wide_enough_for_many_viewers()
    {
        var small = FrameBox.For(Form(), frames);
        var large = FrameBox.For(Form(("size", "32"), ("padding", "10")), frames);
        Assert.InRange(small.Width, 150, 250);
        Assert.InRange(small.Height, 18, 30);
        Assert.True(large.Width > small.Width * 2 && large.Height > small.Height + 20);

        // Letters of another size have other hints.
        var dense = FrameBox.For(Form(("size", "32"), ("padding", "10"), ("scale", "2")), frames);
        Assert.InRange(dense.Width, large.Width - 4, large.Width + 4);
        Assert.Equal(large.Height, dense.Height);
    }

    [Theory]
    [InlineData("Users online: {n}", "Users online")]
    [InlineData("{n}", "Users online")]
    [InlineData("{n} people here", "people here")]
    [InlineData("  Jetzt:   {n} online ", "Jetzt: online")]
    public void The_alternative_text_has_no_number(string label, string alt) => Assert.Equal(alt, Form(("label", label)).Alt);

    private Snippets Snippets(params (string Name, string Value)[] fields)
    {
        var form = Form(fields);
        return new Snippets(Host, form, FrameBox.For(form, frames));
    }

    private BuilderForm Form(params (string Name, string Value)[] fields) => BuilderForm.Read(
        new QueryCollection(fields.ToDictionary(f => f.Name, f => new StringValues(f.Value))), frames);
}
