using Counter.Gateway.Admin;

namespace Counter.Gateway.SitePages;

/// <summary>What a reader without a key asks the admin API.</summary>
/// <param name="Site">The site.</param>
/// <param name="Pattern">The route, as <c>/sites/{site}/pages</c>.</param>
/// <param name="Name">The <c>{name}</c> in the route; null for none.</param>
/// <param name="Query">The parameters.</param>
internal readonly record struct PublicQuestion(string Site, string Pattern, string? Name, QueryString Query)
{
    /// <summary>Whether there are so many questions of its kind that readers can ask ever others.</summary>
    public bool IsSearch => Query.HasValue;
}

/// <summary>Keeps what the admin API answers about public sites, for all who read them without a key.</summary>
/// <remarks>Whoever asks the same gets the same answer, or the same failure. So the grains of a site have little to do, however many people read.</remarks>
internal sealed class PublicAnswers(TimeProvider clock)
{
    /// <summary>How long an answer or a failure is kept.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    /// <summary>How many searches of a site may be under way. Other questions are few, and never refused.</summary>
    public const int MostSearches = 4;

    // An answer may have 100 kB. Over the limit the oldest is dropped, and asked for again.
    private const int MostKept = 200;

    private readonly Dictionary<PublicQuestion, Task<ApiAnswer>> answers = [];
    private readonly Queue<(PublicQuestion Question, long At)> ended = [];
    private readonly Lock gate = new();

    /// <summary>Returns the kept answer, waits for the answer to an earlier reader, or asks.</summary>
    /// <param name="question">The question.</param>
    /// <param name="askAsync">Asks for all readers, so it must not end when this one leaves.</param>
    /// <param name="cancellationToken">Cancels the wait for the answer to an earlier reader.</param>
    /// <returns>Null when too many searches of the site are under way.</returns>
    public async Task<ApiAnswer?> GetAsync(PublicQuestion question, Func<Task<ApiAnswer>> askAsync, CancellationToken cancellationToken)
    {
        var own = new TaskCompletionSource<ApiAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!TryFindOrAdd(question, own.Task, out var answer))
        {
            return null;
        }

        if (answer != own.Task)
        {
            return await answer.WaitAsync(cancellationToken);
        }

        // The question uses the services of this request, which therefore lasts until the answer.
        try
        {
            own.SetResult(await askAsync());
        }
        catch (Exception e)
        {
            own.SetException(e);
        }

        Keep(question);
        return await answer;
    }

    private bool TryFindOrAdd(PublicQuestion question, Task<ApiAnswer> own, out Task<ApiAnswer> answer)
    {
        lock (gate)
        {
            while (ended.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.At) >= Fresh)
            {
                Drop();
            }

            if (answers.TryGetValue(question, out answer!))
            {
                return true;
            }

            answer = own;

            if (question.IsSearch && answers.Count(one => one.Key.IsSearch && one.Key.Site == question.Site && !one.Value.IsCompleted) >= MostSearches)
            {
                return false;
            }

            answers.Add(question, own);
            return true;
        }
    }

    private void Keep(PublicQuestion question)
    {
        lock (gate)
        {
            if (ended.Count == MostKept)
            {
                Drop();
            }

            ended.Enqueue((question, clock.GetTimestamp()));
        }
    }

    private void Drop() => answers.Remove(ended.Dequeue().Question);
}
