using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Tests.Support;
using Xunit;

namespace Counter.Counting.Tests.Presence.Gateways;

/// <summary>Gateways that tell each other of their streams, over wires that the test controls.</summary>
internal sealed class Mesh
{
    private readonly List<(Node At, PresenceTicket Ticket)> open = [];

    public Mesh(int gateways)
    {
        Nodes = [.. Enumerable.Range(0, gateways).Select(i => new Node($"gateway-{i}", Clock))];
        Wires = [.. Nodes.SelectMany(from => Nodes.Where(to => to != from).Select(to => new Wire(from, to)))];
        foreach (var wire in Wires)
        {
            wire.Connect();
        }

        DeliverAll();
    }

    public ManualTimeProvider Clock { get; } = new();

    public Node[] Nodes { get; }

    public Wire[] Wires { get; }

    /// <summary>Whether what happens is heard everywhere at once.</summary>
    public bool Prompt { get; init; } = true;

    public int Open => open.Count;

    /// <summary>What one gateway hears of another, by their numbers.</summary>
    public Wire Wire(int from, int to) => Wires[from * (Nodes.Length - 1) + (to < from ? to : to - 1)];

    public int Viewers(string path) => Nodes.Sum(node => node.Viewers(path));

    public int SiteViewers => Nodes.Sum(node => node.Audience.All);

    public OpenStream Look(int at, string path, VisitorKey visitor, string picture = "/online.png", SettledBy settles = SettledBy.Nothing) =>
        Look(at, new Arrival(new PageKey(PresenceTest.Site, path), visitor, picture) { Settles = settles });

    public OpenStream Look(int at, Arrival arrival)
    {
        var response = new OpenResponse();
        var ticket = Nodes[at].Decides.Open(arrival, response);
        open.Add((Nodes[at], ticket));
        Settle();
        return new OpenStream(this, ticket, response);
    }

    public void Close(PresenceTicket ticket)
    {
        var (at, _) = open.Find(stream => stream.Ticket == ticket);
        open.RemoveAll(stream => stream.Ticket == ticket);
        at.Decides.Close(ticket);
        Settle();
    }

    public void CloseAny(int which) => Close(open[which % open.Count].Ticket);

    public void CloseAll()
    {
        foreach (var (_, ticket) in open.ToList())
        {
            Close(ticket);
        }
    }

    public void Wait(double seconds)
    {
        for (; seconds > 0; seconds--)
        {
            Clock.Advance(TimeSpan.FromSeconds(Math.Min(seconds, 1)));
            foreach (var node in Nodes)
            {
                node.Decides.Tick();
            }

            Settle();
        }
    }

    /// <summary>Everything that was said is heard, and what was said to that.</summary>
    public void DeliverAll()
    {
        while (Wires.Any(wire => wire.OnItsWay > 0))
        {
            foreach (var wire in Wires)
            {
                wire.Deliver();
            }
        }
    }

    /// <summary>Every gateway is heard by every other, and nothing is on its way.</summary>
    public void Heal()
    {
        foreach (var wire in Wires.Where(wire => !wire.IsUp))
        {
            wire.Connect();
        }

        DeliverAll();
    }

    /// <summary>Every view that is open anywhere counts, at one gateway.</summary>
    public void AssertEachViewCountsOnce()
    {
        var views = Nodes.SelectMany(node => node.Streams()).GroupBy(stream => stream.Page.Path)
            .ToDictionary(page => page.Key, page => page.Select(stream => (stream.Visitor, stream.View)).Distinct().Count());
        Assert.All(views, page => Assert.Equal(page.Value, Viewers(page.Key)));
        Assert.Equal(views.Values.Sum(), SiteViewers);
    }

    public void AssertEmpty()
    {
        CloseAll();
        DeliverAll();
        Wait(66);
        Assert.All(Nodes, node =>
        {
            Assert.Equal((0, 0), (node.Audience.All, node.Visitors));
            Assert.True(node.Decides.IsEmpty);
        });
    }

    private void Settle()
    {
        if (Prompt)
        {
            DeliverAll();
        }
    }

    internal sealed record OpenStream(Mesh Mesh, PresenceTicket Ticket, OpenResponse Response)
    {
        public void Close() => Mesh.Close(Ticket);
    }
}
