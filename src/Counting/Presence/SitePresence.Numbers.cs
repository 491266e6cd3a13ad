using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <content>The numbers and commands, and the gateways that get them.</content>
public sealed partial class SitePresence
{
    private readonly Dictionary<string, SiteNumber> pages = new(StringComparer.Ordinal);
    private readonly List<SiteNumber> touched = [];
    private readonly List<SiteNumber> changed = [];
    private readonly SiteNumber whole;
    private readonly SiteNumber distinct;
    private List<StreamCommand>? answered;
    private long version;

    /// <summary>The current value of a number.</summary>
    public CountUpdate Find(CountKey key) => NumberOf(key)?.Total(activation) ?? new CountUpdate(key, version, 0, Trace: null, activation);

    /// <summary>Continues after a version that a machine whose clock was ahead has published.</summary>
    public void Follow(long reported) => version = Math.Max(version, reported);

    /// <summary>Runs an action and updates the numbers that it affects.</summary>
    /// <param name="act">The action.</param>
    /// <param name="sender">The gateway that is answered; null for none.</param>
    /// <param name="ends">The command that ends streams.</param>
    private void Turn(Action<PresenceChanges> act, GatewayStreams? sender = null, CommandKind ends = CommandKind.End)
    {
        // A viewer who arrives after midnight arrives today, also before the next tick.
        BeginDays();
        var changes = new PresenceChanges();
        act(changes);
        answered = null;
        foreach (var view in changes.Touched)
        {
            Count(view);
            Watch(view, sender);
        }

        foreach (var (page, viewers) in changes.Arrivals)
        {
            var number = PageOf(page.Path);
            Arrive(number, viewers);
            Arrive(whole, viewers);
            Report(number);
        }

        if (changes.VisitorsChanged)
        {
            distinct.Viewers = visitors.Count;
            Touch(distinct);
        }

        foreach (var (stream, ground) in changes.Probes)
        {
            Command(stream, new StreamCommand(stream.Number, CommandKind.Probe, ground, stream.View.Suspicion is not null), sender);
        }

        foreach (var stream in changes.Ends)
        {
            Command(stream, new StreamCommand(stream.Number, ends), sender);
        }

        foreach (var version in changes.Judged)
        {
            publisher.Judged(version.Browser, !version.IsGivenUp);
        }

        Update();
    }

    private void Command(PresenceStream stream, StreamCommand command, GatewayStreams? sender)
    {
        if (stream.Gateway == sender?.Id)
        {
            (answered ??= []).Add(command);
        }
        else
        {
            publisher.Publish(stream.Gateway, site, command);
        }
    }

    /// <summary>Updates the numbers for a view that may have opened, closed, started or stopped counting, or moved to another gateway.</summary>
    private void Count(View view)
    {
        var counts = view.Counts && view.Streams.Count > 0;
        var owner = counts ? gateways.GetValueOrDefault(view.Streams[0].Gateway)?.Viewers : null;
        if (counts != view.Counted)
        {
            view.Counted = counts;
            Move(PageOf(view.Page.Path), counts ? 1 : -1);
            Move(whole, counts ? 1 : -1);
        }

        if (owner != view.CountedFor)
        {
            Move(view.CountedFor, -1);
            Move(owner, 1);
            view.CountedFor = owner;
        }
    }

    /// <summary>
    /// Has each gateway with streams of a view probe one of them periodically. One probe closes all streams that a left page has there.
    /// </summary>
    private void Watch(View view, GatewayStreams? sender)
    {
        if (view.Streams is [{ IsWatched: true }])
        {
            return;
        }

        foreach (var streams in view.Streams.Where(stream => stream.Settles == SettledBy.Padding).GroupBy(stream => stream.Gateway))
        {
            var watched = streams.FirstOrDefault(stream => stream.IsWatched);
            foreach (var other in streams.Where(stream => stream.IsWatched && stream != watched))
            {
                other.IsWatched = false;
                Command(other, new StreamCommand(other.Number, CommandKind.Unwatch), sender);
            }

            if (watched is null)
            {
                watched = streams.First();
                watched.IsWatched = true;
                Command(watched, new StreamCommand(watched.Number, CommandKind.Watch), sender);
            }
        }
    }

    private void Move(SiteNumber? number, int by)
    {
        if (number is not null)
        {
            number.Viewers += by;
            Touch(number);
        }
    }

    private void Touch(SiteNumber number)
    {
        if (!number.IsTouched)
        {
            number.IsTouched = true;
            touched.Add(number);
        }
    }

    private void Update()
    {
        foreach (var number in touched)
        {
            number.IsTouched = false;
            if (number.Update(isResyncing))
            {
                number.Version = version = Math.Max(version + 1, Milliseconds);
                changed.Add(number);
                if (number.Key.Of == CountOf.Page)
                {
                    Report(number);
                }

                foreach (var total in number.Totals)
                {
                    total.Highest = Math.Max(total.Highest, number.Published);
                }
            }
        }

        touched.Clear();
    }

    private SiteNumber? NumberOf(CountKey key) => key.Of switch
    {
        CountOf.Page => pages.GetValueOrDefault(key.Path),
        CountOf.Site => whole,
        CountOf.Visitors => distinct,
        CountOf.Gateway => gateways.GetValueOrDefault(key.Path)?.Viewers,
        _ => totals.GetValueOrDefault(key),
    };

    private SiteNumber PageOf(string path)
    {
        if (!pages.TryGetValue(path, out var number))
        {
            pages[path] = number = new SiteNumber(CountKey.ForPage(new PageKey(site, path)), ++version);
        }

        return number;
    }

    private void ForgetIfUnused(SiteNumber number)
    {
        if (!number.IsUnused)
        {
            return;
        }

        if (number is SiteTotal total)
        {
            Forget(total);
        }
        else if (number.Key.Of == CountOf.Page)
        {
            pages.Remove(number.Key.Path);
        }
    }
}
