using System.Text.Json;
using Counter.Counting.Presence;
using Counter.Gateway.Links;
using Xunit;

namespace Counter.Gateway.Tests.Links;

public sealed class NewsLineTests
{
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
