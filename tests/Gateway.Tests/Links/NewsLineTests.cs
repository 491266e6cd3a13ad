using System.Text.Json;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Gateway.Links;
using Xunit;

namespace Counter.Gateway.Tests.Links;

public sealed class NewsLineTests
{
    private const string Site = "example.com";

    private static readonly StreamOpened Plain = new(
        3, new ViewName("b", 7), 12, TimeSpan.FromSeconds(2), new PageKey(Site, "/a"), new VisitorKey(Site, IdentityKind.Strong, 5), 9);

    public static TheoryData<StreamOpened> News { get; } = new(
        Plain,
        Plain with { Visitor = new VisitorKey(Site, IdentityKind.Weak, 5), Before = new VisitorKey(Site, IdentityKind.Weak, 4) },
        Plain with { Was = new FormerVisitor(new VisitorKey(Site, IdentityKind.Weak, 3), null) },
        Plain with { Was = new FormerVisitor(new VisitorKey(Site, IdentityKind.Strong, 3), null) },
        Plain with { Was = new FormerVisitor(new VisitorKey(Site, IdentityKind.Weak, 3), new VisitorKey(Site, IdentityKind.Weak, 2)) });

    [Theory]
    [MemberData(nameof(News))]
    public void What_is_told_of_a_stream_is_what_is_heard(StreamOpened told)
    {
        var line = JsonSerializer.Serialize(NewsLine.Of(told, from: "a"), LinksJson.Default.NewsLine);
        Assert.Equal(told, JsonSerializer.Deserialize(line, LinksJson.Default.NewsLine)?.Read(from: "a"));
    }

    [Theory]
    [InlineData("\"h\":9")]
    [InlineData("\"h\":-1")]
    [InlineData("\"k\":9")]
    public void A_visitor_of_no_kind_cannot_be(string part)
    {
        var line = $$"""{"o":1,"s":"{{Site}}","p":"/a","i":1,"f":2,"t":1,{{part}}}""";
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(line, LinksJson.Default.NewsLine)?.Read(from: "a"));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1500", 1.5)]
    [InlineData("17280000000", 1e7)]
    [InlineData("1e300", 1e7)]
    [InlineData("1e999", 1e7)]
    public void A_view_may_be_of_any_age_and_is_taken_for_four_months_old_at_most(string milliseconds, double seconds)
    {
        var line = JsonSerializer.Deserialize(
            $$"""{"o":1,"s":"example.com","p":"/","k":1,"i":1,"t":1,"a":{{milliseconds}}}""", LinksJson.Default.NewsLine)!;
        var news = Assert.IsType<StreamOpened>(line.Read("there"));
        Assert.Equal(TimeSpan.FromSeconds(seconds), news.Age);
    }
}
