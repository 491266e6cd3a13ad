using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Tests.Support;

namespace Counter.Counting.Tests.Presence.Network;

/// <summary>The presence of a site, the gateways that report to it, and a network in between that the test controls.</summary>
internal sealed class SiteNetwork : IPresencePublisher
{
    private readonly List<(int Gateway, Action Arrive)> underWay = [];
    private long activation;
    private long batches;
    private long streams;

    public SiteNetwork(int gateways, ProbeOptions? probes = null, ManualTimeProvider? clock = null)
    {
        Clock = clock ?? new ManualTimeProvider();
        Probes = new StreamProbes(probes ?? new ProbeOptions(TimeSpan.Zero), Clock);
        Gateways = [.. Enumerable.Range(0, gateways).Select(i => new SiteStreams($"gateway-{i}", PresenceTest.Site, () => ++batches, Clock))];
        Keeper = new TotalsKeeper(Clock);
        Presence = Activate();
    }

    /// <summary>A gateway got a newer number.</summary>
    public event Action<CountUpdate>? Published;

    public ManualTimeProvider Clock { get; }

    /// <summary>What probes the streams of gateways.</summary>
    public StreamProbes Probes { get; }

    /// <summary>What was last reported of each page.</summary>
    public Dictionary<string, PageReport> Reports { get; } = [];

    /// <summary>What is kept of the pages and the site.</summary>
    public TotalsKeeper Keeper { get; set; }

    /// <summary>Whether no question about a total is answered.</summary>
    public bool IsKeeperAway { get; set; }

    /// <summary>Whether everything arrives at once.</summary>
    public bool IsPrompt { get; init; } = true;

    public SiteStreams[] Gateways { get; }

    public SitePresence Presence { get; private set; }

    public List<(string Browser, bool Works)> JudgedVersions { get; } = [];

    /// <summary>What is on its way.</summary>
    public int UnderWay => underWay.Count;

    public StreamEntry Open(int gateway, StreamOrigin origin, IOpenResponse? response = null)
    {
        var entry = new StreamEntry(++streams, origin, response ?? new OpenResponse(), Clock.GetTimestamp());
        Gateways[gateway].Show(CountKey.ForPage(origin.Page));
        Gateways[gateway].Show(CountKey.ForSite(PresenceTest.Site));
        Gateways[gateway].Show(CountKey.ForVisitors(PresenceTest.Site));
        Gateways[gateway].Open(entry);
        Probes.Opened(entry);
        Send(gateway);
        Settle();
        return entry;
    }

    public void Close(int gateway, StreamEntry entry)
    {
        Probes.Closed(entry);
        Gateways[gateway].Close(entry);
        Send(gateway);
        Settle();
    }

    /// <summary>Sends what a gateway has to say, unless something is under way.</summary>
    public void Send(int gateway)
    {
        if (Gateways[gateway].TakeBatch() is { } batch)
        {
            Put(gateway, () => Take(gateway, batch));
        }
    }

    /// <summary>Sends what was not answered again.</summary>
    public void SendAgain(int gateway)
    {
        if (Gateways[gateway].TakeAgain() is { } batch)
        {
            Put(gateway, () => Take(gateway, batch));
        }
    }

    /// <summary>One of the things on their way arrives, in whatever order.</summary>
    public void Deliver(int which)
    {
        if (underWay.Count > 0)
        {
            var (_, arrive) = underWay[which % underWay.Count];
            underWay.RemoveAt(which % underWay.Count);
            arrive();
        }
    }

    /// <summary>One arrives and arrives again later.</summary>
    public void Repeat(int which)
    {
        if (underWay.Count is > 0 and < 100)
        {
            underWay.Add(underWay[which % underWay.Count]);
        }
    }

    /// <summary>One is lost.</summary>
    public void Lose(int which)
    {
        if (underWay.Count > 0)
        {
            underWay.RemoveAt(which % underWay.Count);
        }
    }

    /// <summary>The activation is gone; another one knows nothing.</summary>
    public void Restart() => Presence = Activate();

    public void DeliverAll()
    {
        while (underWay.Count > 0)
        {
            Deliver(0);
        }
    }

    public void Wait(double seconds)
    {
        for (; seconds > 1e-9; seconds -= 1)
        {
            Clock.Advance(TimeSpan.FromSeconds(Math.Min(seconds, 1)));
            Tick();
        }
    }

    public void Tick()
    {
        Presence.Tick();
        Probes.Tick();
        Settle();
    }

    /// <summary>Gateways do not show any number any more.</summary>
    public void HideAll()
    {
        for (var gateway = 0; gateway < Gateways.Length; gateway++)
        {
            foreach (var key in Gateways[gateway].Shown)
            {
                Gateways[gateway].Hide(key);
            }

            Send(gateway);
            Settle();
        }
    }

    /// <summary>A browser has few connections left.</summary>
    public void Release(int gateway, CrowdedBrowser crowd)
    {
        Gateways[gateway].Release(crowd);
        Send(gateway);
        Settle();
    }

    /// <summary>Gateways learn that something may be lost, and everything arrives until nothing is left to say.</summary>
    public void Heal()
    {
        DeliverAll();
        for (var gateway = 0; gateway < Gateways.Length; gateway++)
        {
            SendAgain(gateway);
            DeliverAll();
            Gateways[gateway].Check(asksAll: true);
            Send(gateway);
            DeliverAll();
        }
    }

    public void Publish(string gateway, CountUpdate total) => Put(Of(gateway), () =>
    {
        if (Gateways[Of(gateway)].Apply(total))
        {
            Published?.Invoke(total);
        }
    });

    public void Publish(string gateway, string site, StreamCommand command) => Put(Of(gateway), () => Do(Of(gateway), command));

    public void Judged(string browser, bool works) => JudgedVersions.Add((browser, works));

    public void Reportable()
    {
        var reports = Presence.TakeReports(100);
        foreach (var report in reports)
        {
            Reports[report.Page.Path] = report;
        }

        Keeper.Apply(reports);
        Presence.Confirm(reports);
        foreach (var question in IsKeeperAway ? [] : Presence.TakeQuestions(100))
        {
            var (total, first) = Keeper.Answer(question);
            Presence.Answer(question, total, first);
        }
    }

    private static int Of(string gateway) => gateway[^1] - '0';

    private SitePresence Activate() => new(PresenceTest.Site, ++activation, Clock, this);

    private void Put(int gateway, Action arrive)
    {
        underWay.Add((gateway, arrive));
    }

    /// <summary>Where everything arrives at once it does so after each turn, not within it.</summary>
    private void Settle()
    {
        if (IsPrompt)
        {
            DeliverAll();
        }
    }

    private void Take(int gateway, PresenceBatch batch)
    {
        var reply = Presence.Apply(batch);
        Put(gateway, () =>
        {
            if (Gateways[gateway].TakeAgain()?.Number != batch.Number)
            {
                // Another copy was answered.
                return;
            }

            foreach (var total in Gateways[gateway].Answer(reply).Numbers)
            {
                Published?.Invoke(total);
            }

            foreach (var command in reply.Commands)
            {
                Do(gateway, command);
            }

            Send(gateway);
        });
    }

    private void Do(int gateway, StreamCommand command)
    {
        if (Gateways[gateway].Find(command.Stream) is not { } stream)
        {
            return;
        }

        if (command.Kind == CommandKind.Probe)
        {
            Probes.Probe(stream, command, () =>
            {
                Gateways[gateway].Probed(stream);
                Send(gateway);
                Settle();
            });
        }
        else if (command.Kind == CommandKind.Watch)
        {
            Probes.Watch(stream);
        }
        else if (command.Kind == CommandKind.Unwatch)
        {
            Probes.Unwatch(stream);
        }
        else
        {
            stream.IsEnded = true;
            stream.Response.End();
        }
    }
}
