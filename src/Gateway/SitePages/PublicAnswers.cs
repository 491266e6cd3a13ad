using System.Collections.Concurrent;
using Counter.Gateway.Admin;

namespace Counter.Gateway.SitePages;

/// <summary>Keeps what the admin API answers about public sites, for all who read them without a key.</summary>
/// <remarks>A site is asked one question at a time, so that its grains have little to do, however many people read and whatever they search.</remarks>
internal sealed class PublicAnswers(TimeProvider clock)
{
    /// <summary>How long an answer is kept.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    // An answer may have 100 kB. Over the limit the oldest is dropped, and asked for again.
    private const int MostKept = 200;

    // One for each site that was ever public.
    private readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Site, string Question), ApiAnswer> kept = [];
    private readonly Queue<((string Site, string Question) Asked, long At)> order = [];
    private readonly Lock gate = new();

    /// <summary>Returns the kept answer, or asks.</summary>
    /// <param name="site">The site.</param>
    /// <param name="question">What is asked, with its parameters.</param>
    /// <param name="askAsync">Asks. An exception is the caller's; whoever waits asks anew.</param>
    /// <param name="cancellationToken">Cancels the wait for earlier questions.</param>
    public async Task<ApiAnswer> GetAsync(string site, string question, Func<Task<ApiAnswer>> askAsync, CancellationToken cancellationToken)
    {
        var asked = (site, question);
        if (Find(asked) is { } known)
        {
            return known;
        }

        var turn = turns.GetOrAdd(site, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (Find(asked) is { } answered)
            {
                return answered;
            }

            var answer = await askAsync();
            Keep(asked, answer);
            return answer;
        }
        finally
        {
            turn.Release();
        }
    }

    private ApiAnswer? Find((string, string) asked)
    {
        lock (gate)
        {
            while (order.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.At) >= Fresh)
            {
                Drop();
            }

            return kept.GetValueOrDefault(asked);
        }
    }

    private void Keep((string, string) asked, ApiAnswer answer)
    {
        lock (gate)
        {
            if (kept.Count == MostKept)
            {
                Drop();
            }

            kept.Add(asked, answer);
            order.Enqueue((asked, clock.GetTimestamp()));
        }
    }

    private void Drop() => kept.Remove(order.Dequeue().Asked);
}
