using Counter.Counting.Documents;
using Xunit;

namespace Counter.Tests.Contract;

/// <summary>Changes of documents are atomic, require the current version, and are published to all gateways.</summary>
public abstract class DocumentContract : ClusterContract
{
    private IDocuments Documents => Cluster.Documents;

    private IDocuments Elsewhere => Other.Documents;

    [Fact]
    public async Task A_stored_document_is_read_by_every_gateway()
    {
        var version = await ChangeAsync(new DocumentChange(DocumentKind.Site, "example.com", """{"a":"ä☃\n"}"""));
        Assert.Equal(new(DocumentKind.Site, "example.com", """{"a":"ä☃\n"}""", version!.Value), await Elsewhere.FindAsync(DocumentKind.Site, "example.com", Stop));
        Assert.Null(await Elsewhere.FindAsync(DocumentKind.Key, "example.com", Stop));
        Assert.Null(await Elsewhere.FindAsync(DocumentKind.Site, "EXAMPLE.com", Stop));
    }

    [Fact]
    public async Task A_change_with_a_wrong_version_changes_nothing()
    {
        var first = await ChangeAsync(new DocumentChange(DocumentKind.Site, "a", "1", Expected: 0));
        Assert.Null(await ChangeAsync(new DocumentChange(DocumentKind.Site, "a", "2", Expected: 0)));
        Assert.Null(await ChangeAsync(new(DocumentKind.Site, "b", "1"), new(DocumentKind.Site, "a", "2", Expected: first + 1)));
        Assert.Null(await Documents.FindAsync(DocumentKind.Site, "b", Stop));
        var second = await ChangeAsync(new(DocumentKind.Site, "b", "1"), new(DocumentKind.Site, "a", "2", Expected: first));
        Assert.True(second > first);
        Assert.Equal(("2", second), ((await Documents.FindAsync(DocumentKind.Site, "a", Stop))!.Json, (await Documents.FindAsync(DocumentKind.Site, "b", Stop))!.Version));
    }

    [Fact]
    public async Task A_document_created_again_after_deletion_has_a_new_version()
    {
        var first = await ChangeAsync(new DocumentChange(DocumentKind.Key, "k", "1"));
        await ChangeAsync(new DocumentChange(DocumentKind.Key, "k", null, Expected: first));
        Assert.Null(await Documents.FindAsync(DocumentKind.Key, "k", Stop));
        Assert.Empty(await Documents.ListAsync(DocumentKind.Key, "", null, 9, descending: false, Stop));
        await ChangeAsync(new DocumentChange(DocumentKind.Key, "k", "1", Expected: 0));
        Assert.Null(await ChangeAsync(new DocumentChange(DocumentKind.Key, "k", "2", Expected: first)));
    }

    [Fact]
    public async Task Only_one_of_many_changes_of_a_version_succeeds()
    {
        var version = await ChangeAsync(new DocumentChange(DocumentKind.Site, "a", "0"));
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(
            async () => await (i % 2 == 0 ? Documents : Elsewhere).TryChangeAsync([new(DocumentKind.Site, "a", $"{i}", version)], Stop))));
        Assert.Single(results, r => r is not null);
    }

    [Fact]
    public async Task Documents_are_listed_in_ordinal_order_in_both_directions()
    {
        await ChangeAsync([.. new[] { "b/1", "a", "b/2", "B/3", "b-0", "b/10", "c%" }.Select(id => new DocumentChange(DocumentKind.Webhook, id, "{}"))]);
        Assert.Equal(["B/3", "a", "b-0", "b/1", "b/10", "b/2", "c%"], await IdsAsync("", null, 99));
        Assert.Equal(["c%", "b/2", "b/10", "b/1", "b-0", "a", "B/3"], await IdsAsync("", null, 99, descending: true));
        Assert.Equal(["b/1", "b/10"], await IdsAsync("b/", null, 2));
        Assert.Equal(["b/2"], await IdsAsync("b/", "b/10", 2));
        Assert.Equal(["b/1"], await IdsAsync("b/", "b/10", 2, descending: true));
        Assert.Empty(await IdsAsync("b%", null, 9));
        Assert.Empty(await IdsAsync("b_", null, 9));
    }

    [Fact]
    public async Task Changes_since_a_version_include_deletions()
    {
        var start = await Elsewhere.ChangesAsync(DocumentKind.Site, 0, Stop);
        Assert.Empty(start.Changed);
        await ChangeAsync(new(DocumentKind.Site, "a", "1"), new(DocumentKind.Site, "b", "1"), new(DocumentKind.Key, "k", "1"));
        var first = await Elsewhere.ChangesAsync(DocumentKind.Site, start.Version, Stop);
        Assert.Equal(["a", "b"], first.Changed.Select(d => d.Id).Order());
        Assert.Empty((await Elsewhere.ChangesAsync(DocumentKind.Site, first.Version, Stop)).Changed);

        await ChangeAsync(new(DocumentKind.Site, "a", null), new(DocumentKind.Site, "never", null));
        await ChangeAsync(new DocumentChange(DocumentKind.Site, "c", "1"));
        var second = await Elsewhere.ChangesAsync(DocumentKind.Site, first.Version, Stop);
        Assert.Equal([("a", null), ("c", "1")], second.Changed.Select(d => (d.Id, d.Json)).Order());
        Assert.False(second.Complete);
        Assert.Equal(["b", "c"], (await Elsewhere.ChangesAsync(DocumentKind.Site, 0, Stop)).Changed.Where(d => d.Json is not null).Select(d => d.Id).Order());
    }

    [Fact]
    public async Task A_reader_that_missed_deletions_gets_a_full_snapshot()
    {
        var known = await ChangeAsync(new(DocumentKind.Site, "stays", "1"), new(DocumentKind.Site, "goes", "1"));
        await ChangeAsync(new DocumentChange(DocumentKind.Site, "goes", null));
        for (var i = 0; i < 11; i++)
        {
            DocumentChange[] many = [.. Enumerable.Range(0, 100).Select(n => new DocumentChange(DocumentKind.Site, $"{n}", "1"))];
            await ChangeAsync(many);
            await ChangeAsync([.. many.Select(c => c with { Json = null })]);
        }

        await AdvanceAsync(2 * 3600);
        var news = await Elsewhere.ChangesAsync(DocumentKind.Site, known!.Value, Stop);
        Assert.True(news.Complete);
        Assert.Equal(["stays"], news.Changed.Select(d => d.Id));
    }

    [Fact]
    public async Task A_document_that_is_too_long_or_unnamed_is_refused()
    {
        var longest = new DocumentChange(DocumentKind.Audit, new string('i', IDocuments.LongestId), new string('x', IDocuments.LongestJson));
        Assert.NotNull(await ChangeAsync(longest));
        foreach (var bad in new[] { longest with { Id = longest.Id + "i" }, longest with { Json = longest.Json + "x" }, longest with { Id = "" } })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => ChangeAsync(bad));
        }
    }

    private async Task<long?> ChangeAsync(params DocumentChange[] changes) => await Documents.TryChangeAsync(changes, Stop);

    private async Task<IEnumerable<string>> IdsAsync(string prefix, string? after, int most, bool descending = false) =>
        (await Elsewhere.ListAsync(DocumentKind.Webhook, prefix, after, most, descending, Stop)).Select(d => d.Id);
}
