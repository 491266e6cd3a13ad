using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <content>The numbers that each gateway shows, and what is published to it.</content>
public sealed partial class SitePresence
{
    /// <summary>The numbers in the answer to a gateway: of those it shows, the changed ones and those of the pages that its batch names.</summary>
    private List<CountUpdate> Answer(GatewayStreams gateway, PresenceBatch batch)
    {
        if (gateway.IsPartial)
        {
            return [];
        }

        var numbers = new HashSet<SiteNumber>();
        foreach (var number in changed)
        {
            Name(number);
        }

        foreach (var shown in batch.AllShown)
        {
            Name(NumberOf(shown.Key));
        }

        foreach (var change in batch.Changes)
        {
            NameAll(change.Opening is { } opening ? pages.GetValueOrDefault(opening.Path) : whole);
        }

        if (batch.Changes.Count > 0)
        {
            NameAll(whole);
            Name(distinct);
        }

        return
        [
            .. (batch.AsksAll || batch.Part != SnapshotPart.None ? gateway.Shown.Keys : (IEnumerable<SiteNumber>)numbers)
                .Where(number => number.IsKnown).Select(number => number.Total(activation)),
        ];

        void NameAll(SiteNumber? number)
        {
            Name(number);
            number?.Totals.ForEach(Name);
        }

        void Name(SiteNumber? number)
        {
            if (number is not null && gateway.Shown.ContainsKey(number))
            {
                numbers.Add(number);
            }
        }
    }

    /// <summary>Ends a turn: publishes changed numbers to the gateways that show them, except the one that is answered.</summary>
    private void Settle(GatewayStreams? sender = null)
    {
        foreach (var number in changed)
        {
            foreach (var gateway in number.ShownAt)
            {
                if (gateway != sender && !gateway.IsPartial)
                {
                    publisher.Publish(gateway.Id, number.Total(activation));
                }
            }
        }

        changed.Clear();
        if (HasReports || HasQuestions)
        {
            publisher.Reportable();
        }
    }

    private void Show(GatewayStreams gateway, ShownNumber shown)
    {
        var number = shown.Key.Of switch
        {
            CountOf.Page => PageOf(shown.Key.Path),
            CountOf.Gateway => gateway.Viewers ??= new SiteNumber(CountKey.ForGateway(site, gateway.Id), ++version),
            CountOf.Site or CountOf.Visitors => NumberOf(shown.Key),
            _ => TotalOf(shown.Key),
        };
        if (number is null)
        {
            return;
        }

        if (shown.Seen.Activation != activation)
        {
            Follow(shown.Seen.Version);
            number.Version = number.Version > shown.Seen.Version ? number.Version : ++version;
            if (isResyncing && shown.Seen.Activation != 0)
            {
                number.Raise(shown.Seen);
                Touch(number);
            }
        }

        if (gateway.Shown.TryAdd(number, gateway.Snapshot))
        {
            number.ShownAt.Add(gateway);
        }
        else
        {
            gateway.Shown[number] = gateway.Snapshot;
        }
    }

    private void Hide(GatewayStreams gateway, SiteNumber? number)
    {
        if (number is not null && gateway.Shown.Remove(number))
        {
            number.ShownAt.Remove(gateway);
            ForgetIfUnused(number);
        }
    }
}
