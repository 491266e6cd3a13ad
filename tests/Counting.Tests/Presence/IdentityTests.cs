using Counter.Counting.Presence;
using Xunit;

namespace Counter.Counting.Tests.Presence;

public sealed class IdentityTests : PresenceTest
{
    private static readonly VisitorKey Cookie = Strong with { Id = 77 };

    [Fact]
    public void A_returned_cookie_moves_the_first_view_to_its_visitor()
    {
        var first = Open(new StreamOrigin(Page("/a"), Weak, "/online.png") { Issued = Cookie });
        Wait(5);
        var second = Open("/b", Cookie);
        Assert.Equal((0, 1, 1), (Viewers("/a"), Viewers("/b"), Visitors));
        Close(first, second);
        AssertEmpty();
    }

    [Fact]
    public void A_returned_cookie_separates_its_first_view_from_others_at_the_address()
    {
        var others = new[] { Open("/a", Weak), Open("/a", Weak) };
        var first = Open(new StreamOrigin(Page("/a"), Weak, "/online.png") { Issued = Cookie });
        var second = Open("/b", Cookie);
        Assert.Equal((2, 1, 2), (Viewers("/a"), Viewers("/b"), Visitors));
        Close(first);
        Assert.Equal((2, 1), (Viewers("/a"), Viewers("/b")));
        Close([second, .. others]);
        AssertEmpty();
    }

    [Fact]
    public void A_suspected_view_stays_suspected_when_it_moves_to_its_cookie()
    {
        var first = Open(new StreamOrigin(Page("/a"), Weak, "/online.png") { Issued = Cookie });
        var other = Open("/b", Weak);
        Assert.Equal((0, 1), (Viewers("/a"), Viewers("/b")));
        var second = Open("/c", Cookie);
        Assert.Equal((0, 1, 1, 2), (Viewers("/a"), Viewers("/b"), Viewers("/c"), Visitors));
        Close(first);
        Wait(66);
        Assert.Equal((0, 1, 1), (Viewers("/a"), Viewers("/b"), Viewers("/c")));
        Close(second, other);
        AssertEmpty();
    }

    [Fact]
    public void A_cookie_that_never_returns_is_forgotten_with_its_view()
    {
        Close(Open(new StreamOrigin(Page("/a"), Weak, "/online.png") { Issued = Cookie }));
        AssertEmpty();
        Open("/b", Cookie);
        Assert.Equal((0, 1, 1), (Viewers("/a"), Viewers("/b"), Visitors));
    }

    [Fact]
    public void A_visitor_who_stays_over_midnight_counts_once()
    {
        var tomorrow = Weak with { Id = 2 };
        var left = Open("/a", Weak);
        var current = Open(new StreamOrigin(Page("/b"), tomorrow, "/online.png") { Before = Weak });
        Assert.Equal((0, 1, 1), (Viewers("/a"), Viewers("/b"), Visitors));
        var next = Open(new StreamOrigin(Page("/c"), tomorrow, "/online.png") { Before = Weak });
        Assert.Equal((1, 1), (SiteViewers, Visitors));
        Close(left, current, next);
        AssertEmpty();
    }

    [Fact]
    public void A_visitor_with_several_open_pages_counts_once_for_the_site()
    {
        var streams = Enumerable.Range(0, 12).Select(i => Open($"/{i % 4}", Weak with { Id = (ulong)(i % 3) })).ToArray();
        Assert.Equal(3, Visitors);
        Close(streams[..9]);
        Assert.Equal(3, Visitors);
        Close(streams[9..]);
        AssertEmpty();
    }
}
