using Counter.Counting.Presence;
using Xunit;

namespace Counter.Counting.Tests.Presence;

/// <summary>
/// All that can be said without knowing the rules: what is open is an upper bound, and each opening takes at most one view out of
/// the number, for 65 s at most.
/// </summary>
internal sealed class PresenceModel : PresenceTest
{
    private readonly List<(Opened Stream, string Path, ulong Id)> open = [];
    private readonly List<DateTimeOffset> openings = [];
    private ulong day;

    public void Do(PresenceProperties.Happening happening)
    {
        switch (happening.What)
        {
            case PresenceProperties.What.Open:
                var path = $"/{happening.Page}";
                open.Add((Open(Origin(happening.Which, path)), path, (ulong)happening.Which));
                openings.Add(Clock.GetUtcNow());
                break;
            case PresenceProperties.What.Close when open.Count > 0:
                var which = happening.Which % open.Count;
                Close(open[which].Stream);
                open.RemoveAt(which);
                break;
            case PresenceProperties.What.Wait:
                Wait(happening.Which / 1000.0);
                break;
            case PresenceProperties.What.Midnight:
                day = 1;
                break;
            default:
                break;
        }
    }

    public void AssertWithinBounds()
    {
        openings.RemoveAll(at => Clock.GetUtcNow() - at >= TimeSpan.FromSeconds(65));
        var sum = 0;
        for (var page = 0; page < 4; page++)
        {
            var (path, viewers) = ($"/{page}", Viewers($"/{page}"));
            var views = open.Count(stream => stream.Path == path);
            Assert.InRange(viewers, Math.Max(0, views - openings.Count), views);
            Assert.Equal(new PageStreamCounts(views, viewers, views - viewers), Explain(path));
            sum += viewers;
        }

        Assert.Equal(sum, SiteViewers);
        Assert.InRange(sum, Math.Max(0, open.Count - openings.Count), open.Count);
        Assert.Equal(open.Select(stream => stream.Id).Distinct().Count(), Visitors);
    }

    public void AssertEverythingOpenCounts()
    {
        Assert.All(open.GroupBy(stream => stream.Path), page => Assert.Equal(page.Count(), Viewers(page.Key)));
        Assert.Equal(open.Count, SiteViewers);
    }

    public void CloseAll()
    {
        Close([.. open.Select(stream => stream.Stream)]);
        AssertEmpty();
    }

    /// <summary>Visitors 0 to 3 are known by their address, whose hash changes at midnight; 4 and 5 have a cookie.</summary>
    private StreamOrigin Origin(int visitor, string path)
    {
        var id = (ulong)visitor;
        return visitor >= 4
            ? new StreamOrigin(Page(path), Strong with { Id = id }, "/online.png")
            : new StreamOrigin(Page(path), Weak with { Id = id + 100 * day }, "/online.png")
            {
                Before = day > 0 ? Weak with { Id = id } : null,
                Settles = (SettledBy)(visitor % 4),
            };
    }
}
