using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Xunit;

namespace Counter.Counting.Tests.Presence;

/// <summary>The sums over all pages of a gateway.</summary>
public sealed class AudienceTests
{
    private static readonly PageKey Page = new("example.com", "/a");

    private readonly Audience audience = new();

    [Fact]
    public void What_was_reported_changes_with_reports_only()
    {
        audience.Enter(Page);
        audience.Enter(new PageKey("example.net", "/"));
        Assert.Equal((2, 0, 2), (audience.All, audience.AllReported, audience.Sites));
        audience.TakeChanges();
        Assert.Equal(2, audience.AllReported);

        audience.Leave(Page);
        Assert.Equal((1, 2), (audience.All, audience.AllReported));
        audience.Confirm(audience.TakeChanges());
        Assert.Equal((1, 1, 1), (audience.All, audience.AllReported, audience.Sites));
    }

    [Fact]
    public void Who_moves_on_has_left_one_page_and_entered_another()
    {
        audience.Enter(Page);
        audience.Enter(new PageKey("example.com", "/b"), instead: Page);
        Assert.Equal((2, 1, 1), (audience.Entered, audience.Left, audience.All));
    }
}
