using Counter.Counting.History;
using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <content>
/// Totals. Their grains are asked for those that gateways show: when one begins to be shown, and when they may have begun anew. What comes afterwards
/// is added here, so that an answer has the total that includes the arrivals of its batch.
/// </content>
public sealed partial class SitePresence
{
    private readonly Dictionary<CountKey, SiteTotal> totals = [];
    private readonly Queue<SiteTotal> questions = [];
    private long? midnight;

    /// <summary>Whether there are totals to ask for.</summary>
    public bool HasQuestions => questions.Count > 0;

    /// <summary>The totals to ask for, those that wait longest first. All that was reported must have been taken.</summary>
    /// <param name="most">How many at most.</param>
    public IReadOnlyList<TotalQuestion> TakeQuestions(int most)
    {
        var taken = new List<TotalQuestion>(Math.Min(most, questions.Count));
        while (taken.Count < most && questions.TryDequeue(out var total))
        {
            total.IsAsked = false;
            total.Highest = total.Of.Published;
            if (!total.IsUnused)
            {
                taken.Add(new TotalQuestion(total.Key, total.Day?.Start));
            }
        }

        return taken;
    }

    /// <summary>Takes an answer, and publishes what that changes. One about a day that is over is asked for again.</summary>
    /// <param name="question">What was asked.</param>
    /// <param name="total">The total; null when it could not be had.</param>
    /// <param name="first">When the first viewer came; null when none did.</param>
    public void Answer(TotalQuestion question, long? total, DateTimeOffset? first)
    {
        if (!totals.TryGetValue(question.Key, out var known))
        {
            return;
        }

        if (total is not { } count || question.From != known.Day?.Start)
        {
            Ask(known);
            return;
        }

        Turn(_ =>
        {
            known.Take(count, first);
            Touch(known);
        });
        Settle();
    }

    /// <summary>All totals must be requested again: the grains that keep them may have new activations.</summary>
    public void AskAll()
    {
        foreach (var total in totals.Values)
        {
            Ask(total);
        }

        Settle();
    }

    private void Ask(SiteTotal total)
    {
        if (!total.IsAsked)
        {
            total.IsAsked = true;
            questions.Enqueue(total);
        }
    }

    /// <summary>A total that is to be shown; null for one of a kind or zone that is not known here.</summary>
    private SiteTotal? TotalOf(CountKey key)
    {
        if (totals.TryGetValue(key, out var total))
        {
            return total;
        }

        var zone = key.Of == CountOf.Today ? ZoneDay.FindZone(key.Zone) : null;
        if (!key.IsTotal || (key.Of == CountOf.Today && zone is null))
        {
            return null;
        }

        var of = key.Path.Length == 0 ? whole : PageOf(key.Path);
        totals[key] = total = new SiteTotal(key, ++version, of, zone);
        of.Totals.Add(total);
        total.BeginDay(clock.GetUtcNow());
        Expect(total);
        Ask(total);
        return total;
    }

    private void Forget(SiteTotal total)
    {
        totals.Remove(total.Key);
        midnight = totals.Count > 0 ? midnight : null;
        total.Of.Totals.Remove(total);
        ForgetIfUnused(total.Of);
    }

    /// <summary>Viewers came to a page.</summary>
    private void Arrive(SiteNumber number, int viewers)
    {
        number.Arrivals += viewers;
        foreach (var total in number.Totals)
        {
            Touch(total);
        }
    }

    /// <summary>The report of a page was taken, and its arrivals with it.</summary>
    private void Count(SiteNumber page, long arrivals)
    {
        whole.Counted += arrivals - page.Counted;
        page.Counted = arrivals;
        foreach (var total in page.Totals.Concat(whole.Totals).Where(total => total.IsOutdated))
        {
            Ask(total);
        }
    }

    /// <summary>Begins the day of those whose day is over.</summary>
    private void BeginDays()
    {
        if (!(midnight <= clock.GetTimestamp()))
        {
            return;
        }

        midnight = null;
        var now = clock.GetUtcNow();
        foreach (var total in totals.Values)
        {
            if (total.Day?.End <= now)
            {
                total.BeginDay(now);
                Touch(total);
            }

            Expect(total);
        }
    }

    private void Expect(SiteTotal total)
    {
        if (total.Day is { } day)
        {
            // Rounded, since a moment before midnight would be too early.
            var at = clock.GetTimestamp() + (long)Math.Round((day.End - clock.GetUtcNow()).TotalSeconds * clock.TimestampFrequency);
            midnight = midnight < at ? midnight : at;
        }
    }
}

/// <summary>A total to ask for.</summary>
/// <param name="Key">Which.</param>
/// <param name="From">Since when arrivals are counted; null for other totals.</param>
public readonly record struct TotalQuestion(CountKey Key, DateTimeOffset? From);
