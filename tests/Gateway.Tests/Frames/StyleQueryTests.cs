using Counter.Gateway.Frames;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace Counter.Gateway.Tests.Frames;

public class StyleQueryTests
{
    [Fact]
    public void Without_parameters_it_is_the_default_look()
    {
        Assert.True(StyleQuery.TryParse(Query(""), ImageFormat.Jpeg, out var style, out var errors));
        Assert.Equal(new CounterStyle(ImageFormat.Jpeg), style);
        Assert.Empty(errors);
    }

    [Theory]
    [InlineData("count=arrivals", "Views: {n}")]
    [InlineData("count=today&style=badge", "views today")]
    [InlineData("count=peak", "Most online: {n}")]
    [InlineData("count=peak&style=pill", "{n} at most")]
    [InlineData("count=arrivals&style=digits", "{n}")]
    [InlineData("count=site", "Users online: {n}")]
    [InlineData("count=arrivals&label=Seen%20{n}", "Seen {n}")]
    public void A_total_has_a_text_of_its_own(string query, string label)
    {
        Assert.True(StyleQuery.TryParse(Query("?" + query), ImageFormat.Png, out var style, out _));
        Assert.Equal(label, style.Label);
    }

    [Fact]
    public void A_number_of_any_length_fits_the_measured_picture() =>
        Assert.Equal("Users online: 2,147,483,647", new CounterStyle(ImageFormat.Png).TextFor(new DisplayedCount(100_000_000_000)));

    [Fact]
    public void Every_parameter_is_read()
    {
        var query = Query("?label=On%3A+{n}&one=Alone&color=%23fff&background=000&font=DejaVu+Serif&size=20&padding=4"
            + "&scale=2&short=1&theme=auto&minwidth=200&locale=de-ch&utm_source=ignored");
        Assert.True(StyleQuery.TryParse(query, ImageFormat.Svg, out var style, out _));
        var expected = new CounterStyle(ImageFormat.Svg)
        {
            Label = "On: {n}",
            One = "Alone",
            Color = Rgba.White,
            Background = new Rgba(0, 0, 0),
            Font = "DejaVu Serif",
            Size = 20,
            Padding = 4,
            Scale = 2,
            Short = true,
            Theme = Theme.Auto,
            MinWidth = 200,
            Locale = "de-CH",
        };
        Assert.Equal(expected, style);
    }

    [Fact]
    public void Empty_parameters_are_ignored_and_the_last_repeated_one_counts()
    {
        Assert.True(StyleQuery.TryParse(Query("?color=&label=&size=20&size=30"), ImageFormat.Png, out var style, out _));
        Assert.Equal(new CounterStyle(ImageFormat.Png) { Size = 30 }, style);
    }

    [Theory]
    [InlineData("size", "NaN")]
    [InlineData("size", "7")]
    [InlineData("size", "65")]
    [InlineData("size", "٣٢")]
    [InlineData("scale", "1e9")]
    [InlineData("scale", "99999999999999999999")]
    [InlineData("padding", "-1")]
    [InlineData("minwidth", "1001")]
    [InlineData("label", "a\u0007b")]
    [InlineData("label", "two\nlines")]
    [InlineData("one", "\uD800")]
    [InlineData("one", "\uFFFD")]
    [InlineData("label", "\uFFFE")]
    [InlineData("font", "../../etc/passwd")]
    [InlineData("font", "Sans, Serif")]
    [InlineData("font", "Sans @wght=900")]
    [InlineData("font", " ")]
    [InlineData("color", "url(#x)")]
    [InlineData("background", "#12345")]
    [InlineData("theme", "auto")]
    [InlineData("locale", "xx-nowhere")]
    [InlineData("locale", "../en")]
    [InlineData("short", "maybe")]
    public void A_refusal_names_the_allowed_values(string name, string value)
    {
        var query = new QueryCollection(new Dictionary<string, StringValues> { [name] = value });
        Assert.False(StyleQuery.TryParse(query, ImageFormat.Png, out var style, out var errors));
        Assert.Null(style);
        var (parameter, sentences) = Assert.Single(errors);
        Assert.Equal(name, parameter);
        Assert.EndsWith(".", Assert.Single(sentences));
    }

    [Fact]
    public void A_label_of_five_kilobytes_is_refused() => Assert.False(
        StyleQuery.TryParse(Query("?label=" + new string('x', 5000)), ImageFormat.Png, out _, out _));

    [Fact]
    public void Broken_utf_8_stays_escaped_and_is_shown_as_it_was_written()
    {
        Assert.True(StyleQuery.TryParse(Query("?label=%C3%28{n}"), ImageFormat.Png, out var style, out _));
        Assert.Equal("%C3(3", style.TextFor(new DisplayedCount(3)));
    }

    [Fact]
    public void Any_query_is_parsed_or_refused_without_an_exception()
    {
        var looks = Prop.ForAll(Arb.From(Looks.Queries), query =>
        {
            bool accepted = StyleQuery.TryParse(query, ImageFormat.Svg, out var style, out var errors);
            return accepted == (style is not null) && accepted == (errors.Count == 0);
        });
        Check.QuickThrowOnFailure(looks);
    }

    private static QueryCollection Query(string query) => new(QueryHelpers.ParseQuery(query));
}
