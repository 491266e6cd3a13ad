namespace Counter.Counting.Presence;

/// <summary>Who hears of the streams here: the other gateways. Not safe for concurrent use.</summary>
internal sealed class Followers(TimeProvider clock)
{
    private readonly List<Action<StreamNews>> followers = [];

    /// <summary>Whether nobody does.</summary>
    public bool None => followers.Count == 0;

    /// <summary>Begins to tell.</summary>
    public void Add(Action<StreamNews> follower) => followers.Add(follower);

    /// <summary>Tells no more.</summary>
    public void Remove(Action<StreamNews> follower) => followers.Remove(follower);

    /// <summary>A stream here opened.</summary>
    public void Opened(PresenceTicket stream)
    {
        if (followers.Count > 0)
        {
            Tell(Describe(stream));
        }
    }

    /// <summary>A stream here closed.</summary>
    public void Closed(PresenceTicket stream)
    {
        if (followers.Count > 0)
        {
            Tell(new StreamClosed(stream.Number));
        }
    }

    /// <summary>A view is somebody else's than was said, or what was a view of its own is part of this one.</summary>
    public void Corrected(View view)
    {
        if (followers.Count == 0)
        {
            return;
        }

        foreach (var stream in view.Streams.Where(stream => stream.Response is not null))
        {
            Tell(Describe(stream));
        }
    }

    /// <summary>All there is to know of a stream here.</summary>
    public StreamOpened Describe(PresenceTicket stream)
    {
        var view = stream.View;
        return new StreamOpened(
            stream.Number, view.Name, view.Stamp, clock.GetElapsedTime(view.OpenedAt), view.Page, view.Visitor.Key, stream.Picture)
        {
            Before = view.Visitor.Before,
            Issued = view.Issued,
            Was = view.Was,
            Load = stream.Load,
            Settles = stream.Settles,
            Prerendered = view.Prerender is not null,
        };
    }

    private void Tell(StreamNews news)
    {
        foreach (var follower in followers)
        {
            follower(news);
        }
    }
}
