using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Grains.Changes;
using Counter.Grains.Pages;

namespace Counter.Grains.Engine;

/// <summary>Tells the grains of the numbers that are shown here without a report that would tell them.</summary>
/// <param name="client">Names this process.</param>
/// <param name="seen">What reports have told.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class Watching(Guid client, SeenTotals seen, TimeProvider clock)
{
    private const int KeysAtOnce = 1000;

    private readonly Dictionary<CountKey, long> told = [];

    /// <summary>Says what is shown, if that is not known; not to be called in parallel.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="shown">The numbers shown now.</param>
    /// <param name="again">Whether something was lost, and everything is to be asked for.</param>
    /// <param name="learn">Takes the totals.</param>
    public async Task TellAsync(IClusterClient cluster, IEnumerable<CountKey> shown, bool again, Action<Total> learn)
    {
        var keys = shown.Where(key => key.Of != CountOf.Visitors).ToHashSet();
        foreach (var gone in told.Keys.Where(key => !keys.Contains(key)).ToList())
        {
            told.Remove(gone);
            seen.Forget(gone);
        }

        foreach (var some in keys.Where(key => again || (!seen.Holds(key) && !IsTold(key))).Chunk(KeysAtOnce))
        {
            var numbers = await cluster.GetGrain<IEntryGrain>(Random.Shared.Next(16)).WatchAsync(client, some, Array.ConvertAll(some, seen.Of));
            foreach (var (key, number) in some.Zip(numbers))
            {
                told[key] = clock.GetTimestamp();
                seen.LearnShown(key, number);
                learn(new Total(key, number.Version, number.Viewers));
            }
        }
    }

    /// <summary>Half of the time that the grains remember it, so that one that fails is made up for.</summary>
    private bool IsTold(CountKey key) => told.TryGetValue(key, out var at) && clock.GetElapsedTime(at) < Watchers.Hold / 2;
}
