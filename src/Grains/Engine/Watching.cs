using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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

    private readonly Dictionary<CountKey, Told> told = [];
    private long round;

    /// <summary>Says what is shown, if that is not known; not to be called in parallel.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="shown">The numbers shown now.</param>
    /// <param name="again">Whether something was lost, and everything is to be asked for.</param>
    /// <param name="learn">Takes the totals.</param>
    public async Task TellAsync(IClusterClient cluster, IEnumerable<CountKey> shown, bool again, Action<Total> learn)
    {
        foreach (var some in Questions(shown, again).Chunk(KeysAtOnce))
        {
            var numbers = await cluster.GetGrain<IEntryGrain>(Random.Shared.Next(16)).WatchAsync(client, some, Array.ConvertAll(some, seen.Of));
            foreach (var (key, number) in some.Zip(numbers))
            {
                told[key] = new Told(clock.GetTimestamp(), round);
                seen.LearnShown(key, number);
                learn(new Total(key, number.Version, number.Viewers));
            }
        }
    }

    /// <summary>The numbers to ask for. What is not shown any more is forgotten.</summary>
    /// <remarks>This looks at all numbers once a second, so it copies none of them.</remarks>
    private List<CountKey> Questions(IEnumerable<CountKey> shown, bool again)
    {
        round++;
        var questions = new List<CountKey>();
        foreach (var key in shown)
        {
            if (key.Of == CountOf.Visitors)
            {
                continue;
            }

            ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(told, key);
            var isTold = !Unsafe.IsNullRef(ref known);
            if (isTold)
            {
                known.Round = round;

                // Half of the time that the grains remember it, so that one that fails is made up for.
                isTold = clock.GetElapsedTime(known.At) < Watchers.Hold / 2;
            }

            if (again || (!isTold && !seen.Holds(key)))
            {
                questions.Add(key);
            }
        }

        foreach (var (gone, _) in told.Where(number => number.Value.Round != round))
        {
            told.Remove(gone);
            seen.Forget(gone);
        }

        return questions;
    }

    /// <param name="At">When the grain was told.</param>
    /// <param name="Round">When it was last shown.</param>
    private record struct Told(long At, long Round);
}
