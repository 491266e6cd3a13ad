using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Decider = Counter.Counting.Presence.Presence;

namespace Counter.Counting.Tests.Presence.Gateways;

/// <summary>One gateway's presence.</summary>
internal sealed class Node
{
    public Node(string id, TimeProvider clock)
    {
        Id = id;
        Decides = new Decider(Audience, clock, _ => { }, VisitorsTold.Add, id);
    }

    public string Id { get; }

    public Audience Audience { get; } = new();

    public Decider Decides { get; }

    public List<string> VisitorsTold { get; } = [];

    public int Viewers(string path) => Audience.Viewers(CountKey.ForPage(new PageKey(PresenceTest.Site, path)));

    public int Visitors => Decides.CountVisitors(PresenceTest.Site);

    /// <summary>What is open here, and in which views.</summary>
    public IReadOnlyList<StreamOpened> Streams()
    {
        static void Deaf(StreamNews news)
        {
            // Only the snapshot is wanted.
        }

        var streams = Decides.Follow(Deaf);
        Decides.Unfollow(Deaf);
        return streams;
    }
}
