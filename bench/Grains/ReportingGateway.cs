using System.Globalization;
using Counter.Counting.Pages;
using Counter.Counting.Presence;

namespace Counter.Grains.Bench;

/// <summary>The batches of a gateway for one site. No response is behind its streams.</summary>
internal sealed class ReportingGateway(int gateway, string site)
{
    private readonly Queue<long> open = [];
    private readonly HashSet<string> shown = new(StringComparer.Ordinal);
    private long batches;
    private long streams;

    /// <summary>The id of a gateway.</summary>
    public static string Id(int gateway) => string.Create(CultureInfo.InvariantCulture, $"bench{gateway}");

    /// <summary>Somebody new opens each of these pages.</summary>
    /// <param name="paths">The pages.</param>
    /// <param name="shows">Whether the gateway shows the numbers of these pages from now on, as it does for pictures of the page.</param>
    public PresenceBatch Open(IReadOnlyList<string> paths, bool shows)
    {
        var changes = new List<StreamChange>(paths.Count);
        foreach (var path in paths)
        {
            var (visitor, before) = ((ulong)Random.Shared.NextInt64(), (ulong)Random.Shared.NextInt64());
            open.Enqueue(++streams);
            changes.Add(new StreamChange(streams, new StreamOpening(
                path, IdentityKind.Weak, visitor, before, Issued: null, Picture: 1, Load: 0, SettledBy.Padding, IsPrerendered: false, "Chromium 156", Network: null,
                TimeSpan.Zero, IsAcknowledged: false)));
        }

        return Make(changes, shows ? paths.Where(shown.Add) : []);
    }

    /// <summary>Those who have been there for longest leave.</summary>
    public PresenceBatch Close(int count) => Make([.. Enumerable.Range(0, count).Select(_ => new StreamChange(open.Dequeue(), null))], []);

    private PresenceBatch Make(IReadOnlyList<StreamChange> changes, IEnumerable<string> begins)
    {
        var part = batches == 0 ? SnapshotPart.First | SnapshotPart.Last : SnapshotPart.None;
        ShownNumber[] shows = [.. begins.Select(path => CountKey.For(site, path)).Select(key => new ShownNumber(key, new CountUpdate(key, 0, 0)))];
        return new PresenceBatch(
            Id(gateway), ++batches, batches - 1, part, changes, [], shows, [], [], AsksAll: false, new CountLimits(int.MaxValue, int.MaxValue, int.MaxValue), []);
    }
}
