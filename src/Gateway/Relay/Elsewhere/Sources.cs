using Counter.Gateway.Cluster;

namespace Counter.Gateway.Relay.Elsewhere;

/// <summary>That a channel was published to at a gateway.</summary>
/// <param name="Stamp">When, in an order that gateways agree on: higher than every stamp its gateway had heard of.</param>
/// <param name="Live">Whether a stream is being published, and not single pictures.</param>
internal readonly record struct Published(long Stamp, bool Live);

/// <summary>At which gateways the channels are published. The newest publisher anywhere is the one that is shown everywhere.</summary>
internal sealed class Sources(ThisGateway here, TimeProvider clock)
{
    /// <summary>The most channels of one gateway that others hear of.</summary>
    public const int MostTold = 1000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Published> mine = [];
    private readonly Dictionary<string, IReadOnlyDictionary<string, Published>> others = [];
    private readonly HashSet<Action<IReadOnlyDictionary<string, Published>>> followers = [];
    private long last;

    /// <summary>Another gateway wants to hear what is published here.</summary>
    /// <param name="follower">
    /// Is told all of it, now and whenever it changes, one after the other and under the lock: it must not block.
    /// </param>
    public void Follow(Action<IReadOnlyDictionary<string, Published>> follower)
    {
        lock (gate)
        {
            followers.Add(follower);
            follower(Told());
        }
    }

    /// <summary>It wants to hear no more.</summary>
    public void Unfollow(Action<IReadOnlyDictionary<string, Published>> follower)
    {
        lock (gate)
        {
            followers.Remove(follower);
        }
    }

    /// <summary>Whether a channel was published to here, since the gateway started.</summary>
    public bool IsMine(string channel)
    {
        lock (gate)
        {
            return mine.ContainsKey(channel);
        }
    }

    /// <summary>A stream begins here, or a picture comes.</summary>
    public void Publish(string channel, bool live)
    {
        lock (gate)
        {
            if (!live && FindElsewhere(channel) is null && mine.TryGetValue(channel, out var known) && !known.Live)
            {
                return;
            }

            last = Math.Max(last + 1, clock.GetUtcNow().UtcTicks);
            mine[channel] = new Published(last, live);
            TellAll();
        }
    }

    /// <summary>A stream has ended here; its last picture is still the newest.</summary>
    public void Finish(string channel)
    {
        lock (gate)
        {
            if (!mine.TryGetValue(channel, out var known) || !known.Live)
            {
                return;
            }

            mine[channel] = known with { Live = false };
            TellAll();
        }
    }

    /// <summary>The channel was removed here.</summary>
    public void Remove(string channel)
    {
        lock (gate)
        {
            if (mine.Remove(channel))
            {
                TellAll();
            }
        }
    }

    /// <summary>What another gateway says that is published there.</summary>
    public void Hear(string gateway, IReadOnlyDictionary<string, Published> channels)
    {
        lock (gate)
        {
            others[gateway] = channels;
            last = channels.Values.Select(published => published.Stamp).Append(last)
                .Where(stamp => stamp < DateTimeOffset.MaxValue.UtcTicks).Max();
        }
    }

    /// <summary>Another gateway is gone.</summary>
    public void Forget(string gateway)
    {
        lock (gate)
        {
            others.Remove(gateway);
        }
    }

    /// <summary>Whether a stream here goes on although a newer publisher is elsewhere.</summary>
    public bool IsOutdone(string channel)
    {
        lock (gate)
        {
            return mine.TryGetValue(channel, out var known) && known.Live && FindElsewhere(channel) is not null;
        }
    }

    /// <summary>Where the newest publisher of a channel is; null when it is here, or nobody is.</summary>
    public (string Gateway, Published Published)? Elsewhere(string channel)
    {
        lock (gate)
        {
            return FindElsewhere(channel);
        }
    }

    private Dictionary<string, Published> Told() => mine.OrderByDescending(channel => channel.Value.Stamp).Take(MostTold).ToDictionary();

    /// <summary>News that were told outside the lock could overtake each other, and what is told last stands.</summary>
    private void TellAll()
    {
        if (followers.Count == 0)
        {
            return;
        }

        var told = Told();
        foreach (var follower in followers)
        {
            follower(told);
        }
    }

    private (string Gateway, Published Published)? FindElsewhere(string channel)
    {
        (string Gateway, Published Published)? newest = null;
        foreach (var (gateway, channels) in others)
        {
            if (channels.TryGetValue(channel, out var published) && IsNewer(gateway, published, newest))
            {
                newest = (gateway, published);
            }
        }

        return newest is { } found && mine.TryGetValue(channel, out var own) && !IsNewer(found.Gateway, found.Published, (here.Id, own)) ? null : newest;
    }

    private static bool IsNewer(string gateway, Published published, (string Gateway, Published Published)? than) => than is not { } other
        || published.Stamp > other.Published.Stamp
        || (published.Stamp == other.Published.Stamp && string.CompareOrdinal(gateway, other.Gateway) > 0);
}
