namespace Counter.Counting.Presence;

/// <content>What other gateways hear and say.</content>
public sealed partial class Presence
{
    /// <summary>Another gateway wants to hear what happens here.</summary>
    /// <param name="follower">Is told everything from now on, one after the other and under the lock: it must not block.</param>
    /// <returns>What is open here by now.</returns>
    public IReadOnlyList<StreamOpened> Follow(Action<StreamNews> follower)
    {
        lock (gate)
        {
            followers.Add(follower);
            return
            [
                .. visitors.All.SelectMany(visitor => visitor.Views).SelectMany(view => view.Streams)
                    .Where(stream => stream.Response is not null).Select(followers.Describe),
            ];
        }
    }

    /// <summary>It wants to hear no more.</summary>
    public void Unfollow(Action<StreamNews> follower)
    {
        lock (gate)
        {
            followers.Remove(follower);
        }
    }

    /// <summary>Something happened at another gateway. What one gateway says has to come in its order.</summary>
    public void Hear(string from, StreamNews news) => Do(changes =>
    {
        if (news is StreamOpened stream)
        {
            others.Hear(from, stream, changes);
        }
        else if (news is StreamClosed closed)
        {
            others.Hear(from, closed, changes);
        }

        return true;
    });

    /// <summary>Another gateway begins to tell all that it has open.</summary>
    public void BeginSnapshot(string from)
    {
        lock (gate)
        {
            others.BeginSnapshot(from);
        }
    }

    /// <summary>It has told all: what is known of it and was not mentioned has closed.</summary>
    public void EndSnapshot(string from) => CloseUnmentioned(from, gone: false);

    /// <summary>Another gateway is gone, with all its streams.</summary>
    public void Forget(string from) => CloseUnmentioned(from, gone: true);

    private void CloseUnmentioned(string from, bool gone)
    {
        while (!Do(changes => others.CloseUnmentioned(from, gone, AtOnce, changes)))
        {
            // Others had their turn meanwhile.
        }
    }
}
