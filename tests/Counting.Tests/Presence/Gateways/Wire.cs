using Counter.Counting.Presence;

namespace Counter.Counting.Tests.Presence.Gateways;

/// <summary>What one gateway hears of another, in order and as late as the test wants.</summary>
internal sealed class Wire(Node from, Node to)
{
    private readonly Queue<Action> onItsWay = [];
    private Action<StreamNews>? follower;

    /// <summary>Whether news travel.</summary>
    public bool IsUp => follower is not null;

    /// <summary>What has been said and not been heard.</summary>
    public int OnItsWay => onItsWay.Count;

    /// <summary>Makes the connection; the first that travels is all that is open.</summary>
    public void Connect()
    {
        follower = news => onItsWay.Enqueue(() => to.Decides.Hear(from.Id, news));
        var open = from.Decides.Follow(follower);
        onItsWay.Enqueue(() => to.Decides.BeginSnapshot(from.Id));
        foreach (var stream in open)
        {
            onItsWay.Enqueue(() => to.Decides.Hear(from.Id, stream));
        }

        onItsWay.Enqueue(() => to.Decides.EndSnapshot(from.Id));
    }

    /// <summary>The connection breaks, and what was on its way is lost.</summary>
    public void Cut()
    {
        if (follower is not null)
        {
            from.Decides.Unfollow(follower);
            follower = null;
            onItsWay.Clear();
        }
    }

    /// <summary>What was known of the other gateway is given up.</summary>
    public void GiveUp() => to.Decides.Forget(from.Id);

    /// <summary>Lets some of what is on its way arrive.</summary>
    public void Deliver(int most = int.MaxValue)
    {
        for (; most > 0 && onItsWay.TryDequeue(out var arrive); most--)
        {
            arrive();
        }
    }
}
