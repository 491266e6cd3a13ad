using Counter.Grains.Pages;
using Counter.Grains.Sites;
using Xunit;

namespace Counter.Grains.Tests;

/// <summary>Which parts of a site's pages are to be stored.</summary>
public sealed class SitePartsTests
{
    private readonly SiteParts parts = new();

    [Fact]
    public void A_small_site_has_one_part_in_its_record()
    {
        parts.Change("/1");
        Assert.Empty(parts.TakeChanged(Pages(SiteParts.PagesPerPart)));
        Assert.Equal(1, parts.Count);
    }

    [Theory]
    [InlineData(SiteParts.PagesPerPart + 1, 2)]
    [InlineData(10_000, 64)]
    [InlineData(100_000, 512)]
    public void A_large_site_has_several_parts_with_each_page_in_one(int count, int expected)
    {
        var pages = Pages(count);
        var all = parts.TakeChanged(pages);
        Assert.Equal((expected, expected), (parts.Count, all.Count));
        Assert.Equal(pages.Select(page => page.Path).Order(), all.SelectMany(part => part.Pages).Select(page => page.Path).Order());
        Assert.All(all, part => Assert.InRange(part.Pages.Count, 1, SiteParts.PagesPerPart));
        Assert.Empty(parts.TakeChanged(Pages(count + count / 2)));
        Assert.Equal(expected, parts.Count);
    }

    [Fact]
    public void A_part_is_changed_with_its_pages_until_it_is_taken()
    {
        var pages = Pages(5000);
        parts.TakeChanged(pages);
        parts.Change("/17");
        var changed = Assert.Single(parts.TakeChanged(pages));
        Assert.Contains(changed.Pages, page => page.Path == "/17");
        Assert.Empty(parts.TakeChanged(pages));
    }

    [Fact]
    public void A_part_that_was_not_stored_is_taken_again()
    {
        var pages = Pages(5000);
        var all = parts.TakeChanged(pages);
        parts.GiveBack(all);
        Assert.Equal(all.Count, parts.TakeChanged(pages).Count);
    }

    [Fact]
    public void A_page_stays_in_its_part_after_a_restart()
    {
        var pages = Pages(5000);
        var before = parts.TakeChanged(pages);
        var again = new SiteParts();
        again.Restore(parts.Count);
        again.Change("/17");
        Assert.Equal(before.Single(part => part.Pages.Any(page => page.Path == "/17")).Number, Assert.Single(again.TakeChanged(pages)).Number);
    }

    private static List<PageStatus> Pages(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new PageStatus($"/{i}", 0, null, 1, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch))];
}
