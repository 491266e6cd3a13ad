using Counter.Counting.Cluster;
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

    public SiteNetwork(int gateways)
    {
        Gateways = [.. Enumerable.Range(0, gateways).Select(i => new SiteStreams($"gateway-{i}", PresenceTest.Site, () => ++batches, Clock))];
        Presence = Activate();
    }

    public ManualTimeProvider Clock { get; } = new();

    /// <summary>Whether everything arrives at once.</summary>
    public bool IsPrompt { get; init; } = true;

    public SiteStreams[] Gateways { get; }

    public SitePresence Presence { get; private set; }

    /// <summary>What is on its way.</summary>
    public int UnderWay => underWay.Count;

    public StreamEntry Open(int gateway, Arrival arrival, OpenResponse? response = null)
    {
        var entry = new StreamEntry(++streams, arrival, response ?? new OpenResponse(), Clock.GetTimestamp());
        Gateways[gateway].Show(CountKey.ForPage(arrival.Page));
        Gateways[gateway].Show(CountKey.ForSite(PresenceTest.Site));
        Gateways[gateway].Show(CountKey.ForVisitors(PresenceTest.Site));
        Gateways[gateway].Open(entry);
        Send(gateway);
        Settle();
        return entry;
    }

    public void Close(int gateway, StreamEntry entry)
    {
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
            Presence.Tick();
            Settle();
        }
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

    public void Publish(string gateway, Total total) => Put(Of(gateway), () => Gateways[Of(gateway)].Apply(total));

    public void Publish(string gateway, string site, StreamCommand command) => Put(Of(gateway), () => Do(Of(gateway), command));

    public void Reportable()
    {
        var reports = Presence.TakeReports(100);
        Presence.Confirm(reports);
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

            Gateways[gateway].Answer(reply);
            foreach (var command in reply.Commands)
            {
                Do(gateway, command);
            }

            Send(gateway);
        });
    }

    private void Do(int gateway, StreamCommand command)
    {
        if (Gateways[gateway].Find(command.Stream) is { } stream && command.Kind == CommandKind.Probe)
        {
            stream.Response.Probe(() =>
            {
                Gateways[gateway].Probed(stream);
                Send(gateway);
            });
        }
    }
}
