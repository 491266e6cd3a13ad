using Counter.Counting.Presence;
using Xunit;

namespace Counter.Counting.Tests.Presence;

public sealed class PageLoadTests : PresenceTest
{
    [Fact]
    public void Different_pictures_of_one_page_are_one_view()
    {
        var page = Open("/a", Weak, "/online.png");
        var site = Open("/a", Weak, "/online.png?count=site");
        Assert.Equal((1, 1), (Viewers("/a"), SiteViewers));
        Close(page);
        Assert.Equal(1, Viewers("/a"));
        Close(site);
        AssertEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_later_picture_joins_a_view_without_it(bool strong)
    {
        var visitor = strong ? Strong : Weak;
        Open("/a", visitor, "/online.png");
        Wait(100);
        Open("/a", visitor, "/online.svg");
        Assert.Equal((1, 1), (Viewers("/a"), SiteViewers));
    }

    [Fact]
    public void The_same_picture_twice_is_two_viewers()
    {
        Open("/a", Weak);
        Open("/a", Weak);
        Assert.Equal(2, Viewers("/a"));
    }

    [Fact]
    public void A_later_picture_joins_the_newest_view_without_it()
    {
        var older = Open("/a", Weak, "/1");
        var newer = Open("/a", Weak, "/1");
        var later = Open("/a", Weak, "/2");
        Assert.Equal(2, Viewers("/a"));
        Close(newer, later);
        Assert.Equal(1, Viewers("/a"));
        Close(older);
        AssertEmpty();
    }

    [Fact]
    public void Frames_of_one_page_are_one_view_although_their_loads_differ()
    {
        Open(new StreamOrigin(Page("/a"), Weak, "/online.png") { Load = "x" });
        Open(new StreamOrigin(Page("/a"), Weak, "/online.svg") { Load = "y" });
        Open("/a", Weak, "/online/chart.svg");
        Assert.Equal((1, 1), (Viewers("/a"), SiteViewers));
    }

    [Fact]
    public void Equal_frames_are_two_views()
    {
        Open(new StreamOrigin(Page("/a"), Weak, "/online.png") { Load = "x" });
        Open(new StreamOrigin(Page("/a"), Weak, "/online.png") { Load = "y" });
        Assert.Equal(2, Viewers("/a"));
    }

    [Fact]
    public void A_frame_that_reopens_its_stream_is_the_same_view()
    {
        var first = Open(new StreamOrigin(Page("/a"), Weak, "/online.png") { Load = "x" });
        Open(new StreamOrigin(Page("/a"), Weak, "/online.png") { Load = "y" });
        Wait(60);
        Open(new StreamOrigin(Page("/a"), Weak, "/online.png") { Load = "x" });
        Assert.Equal(2, Viewers("/a"));
        Close(first);
        Assert.Equal(2, Viewers("/a"));
    }

    [Fact]
    public void Two_people_who_each_load_two_pictures_are_two()
    {
        var streams = new[] { "/1", "/1", "/2", "/2" }.Select(picture => Open("/a", Weak, picture)).ToArray();
        Assert.Equal(2, Viewers("/a"));
        Close(streams);
        AssertEmpty();
    }

    [Fact]
    public void A_left_page_with_two_pictures_is_suspected_once_and_one_of_them_is_probed()
    {
        var pictures = new[] { Open("/a", Strong, "/1"), Open("/a", Strong, "/2") };
        Wait(20);
        var before = pictures.Sum(picture => picture.Response.Probes);
        var current = Open("/b", Strong);
        Assert.Equal((0, 1), (Viewers("/a"), SiteViewers));
        Wait(0.5);
        Assert.Equal(before + 1, pictures.Sum(picture => picture.Response.Probes));
        Close(pictures);
        Assert.Equal((0, 1), (Viewers("/a"), Viewers("/b")));
        Close(current);
        AssertEmpty();
    }

    [Fact]
    public void The_stream_that_settles_the_others_is_probed()
    {
        var script = Open("/a", Strong, "/1", SettledBy.Itself);
        var picture = Open("/a", Strong, "/2", SettledBy.Padding);
        var events = Open("/a", Strong, "/3", SettledBy.Nothing);
        Wait(20);
        var before = picture.Response.Probes;
        Open("/b", Strong);
        Wait(0.5);
        Assert.Equal((0, before + 1, 0), (script.Response.Probes, picture.Response.Probes, events.Response.Probes));
    }

    [Fact]
    public void Behind_one_address_every_viewer_counts_whatever_the_order_of_pictures()
    {
        var random = new Random(1);
        for (var day = 0; day < 100; day++)
        {
            var pictures = Enumerable.Range(0, 6).SelectMany(person => Enumerable.Range(0, 3).Select(picture => (person, picture))).ToArray();
            random.Shuffle(pictures);
            var open = pictures.Select(load => (load.person, Stream: Open("/a", Weak, $"/{load.picture}"))).ToList();
            for (var there = 6; there > 0; there--)
            {
                Assert.Equal(there, Viewers("/a"));
                Close([.. open.Where(load => load.person == there - 1).Select(load => load.Stream)]);
            }

            AssertEmpty();
        }
    }
}
