using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Tests.Support;
using Xunit;
using Decider = Counter.Counting.Presence.Presence;

namespace Counter.Counting.Tests.Presence;

/// <summary>The sums over all pages of a gateway.</summary>
public sealed class AudienceTests
{
    private static readonly PageKey Page = new("example.com", "/a");

    private readonly Audience audience = new();
    private readonly ManualTimeProvider clock = new();

    [Fact]
    public void What_was_reported_changes_with_reports_only()
    {
        var presence = new Decider(audience, clock, _ => { });
        var first = presence.Open(Arrive(Page), new OpenResponse());
        presence.Open(Arrive(new PageKey("example.net", "/")), new OpenResponse());
        Assert.Equal((2, 0, 2), (audience.All, audience.AllReported, audience.Sites));
        audience.TakeChanges();
        Assert.Equal(2, audience.AllReported);

        presence.Close(first);
        Assert.Equal((1, 2), (audience.All, audience.AllReported));
        audience.Confirm(audience.TakeChanges());
        Assert.Equal((1, 1, 1), (audience.All, audience.AllReported, audience.Sites));
    }

    [Fact]
    public void Viewers_of_a_page_share_its_name()
    {
        var presence = new Decider(audience, clock, _ => { });
        presence.Open(Arrive(Page), new OpenResponse());
        var again = new PageKey(new string(Page.Site), new string(Page.Path));
        Assert.NotSame(Page.Path, again.Path);
        Assert.Same(Page.Path, audience.Share(again).Path);
        var other = new PageKey("example.net", "/");
        Assert.Same(other.Path, audience.Share(other).Path);
    }

    [Fact]
    public void Who_moves_on_has_left_one_page_and_entered_another()
    {
        var presence = new Decider(audience, clock, _ => { });
        presence.Open(Arrive(Page), new OpenResponse());
        presence.Open(Arrive(Page with { Path = "/b" }), new OpenResponse());
        Assert.Equal((2, 1, 1), (audience.Entered, audience.Left, audience.All));
    }

    [Fact]
    public void Changes_are_taken_part_by_part_and_who_waits_longest_comes_first()
    {
        var presence = new Decider(audience, clock, _ => { });
        PageKey[] pages = [.. Enumerable.Range(0, 5).Select(i => new PageKey("example.com", $"/{i}"))];
        var streams = Array.ConvertAll(pages, page => presence.Open(
            Arrive(page) with { Visitor = new VisitorKey(page.Site, IdentityKind.Weak, page.Path[1]) }, new OpenResponse()));
        Assert.Equal(pages[..2], audience.TakeChanges(2).Select(r => r.Page));
        presence.Close(streams[0]);
        Assert.Equal(pages[2..4], audience.TakeChanges(2).Select(r => r.Page));
        Assert.Equal([(pages[4], 1), (pages[0], 0)], audience.TakeChanges(2).Select(r => (r.Page, r.Viewers)));
        Assert.Empty(audience.TakeChanges(2));

        audience.ReportAll();
        audience.Fail(audience.TakeChanges(3));
        Assert.Equal(pages, audience.TakeChanges().Select(r => r.Page).OrderBy(page => page.Path, StringComparer.Ordinal));
    }

    private static Arrival Arrive(PageKey page) => new(page, new VisitorKey(page.Site, IdentityKind.Weak, 1), "/online.png");
}
