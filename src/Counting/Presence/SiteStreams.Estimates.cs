using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <content>What numbers are about while the presence does not answer.</content>
public sealed partial class SiteStreams
{
    /// <summary>
    /// The viewers of a number that have come less those that have gone, as far as that can be told here, since the presence last answered: who opened a
    /// page less who has nothing of it open any more. Of a total those that have come, without those that only came back; a peak cannot be told.
    /// </summary>
    public int Unanswered(CountKey key)
    {
        lock (gate)
        {
            if (key.Of == CountOf.Peak)
            {
                return 0;
            }

            var open = new HashSet<(VisitorKey, string)>();
            var closed = new HashSet<(VisitorKey, string)>();
            foreach (var stream in opening.Where(stream => !stream.IsAcknowledged && streams.ContainsKey(stream.Number)).Concat(changes.Where(change => change.IsOpen).Select(change => change.Stream)))
            {
                Take(stream, streams.ContainsKey(stream.Number) ? open : closed);
            }

            foreach (var (stream, isOpen) in changes)
            {
                if (!isOpen && stream.IsAcknowledged && !key.IsTotal)
                {
                    Take(stream, closed);
                }
            }

            if (key.IsTotal)
            {
                return open.Union(closed).Count();
            }

            closed.ExceptWith(open);
            closed.ExceptWith(changes.Where(change => change is { IsOpen: true, Stream.IsAcknowledged: false }).Select(change => Who(change.Stream)));
            return open.Count - closed.Count;
        }

        static (VisitorKey, string) Who(StreamEntry stream) => (stream.Origin.Visitor, stream.Origin.Page.Path);

        void Take(StreamEntry stream, HashSet<(VisitorKey, string)> into)
        {
            if (key.IsOf(stream.Origin.Page) && !(key.IsTotal && stream.Origin.IsAgain))
            {
                into.Add(key.Of == CountOf.Visitors ? (stream.Origin.Visitor, "") : Who(stream));
            }
        }
    }

    /// <summary>As many as can be told apart here: who has something open of a page, and each on each page once.</summary>
    public int Estimate(CountKey key)
    {
        lock (gate)
        {
            return streams.Values.Where(stream => key.IsOf(stream.Origin.Page))
                .DistinctBy(stream => (stream.Origin.Visitor, key.Of == CountOf.Visitors ? "" : stream.Origin.Page.Path)).Count();
        }
    }
}
