namespace Counter.Gateway.Sessions;

/// <summary>
/// The sessions that were signed out at this gateway, for the lifetime of their cookies. A copy of such a cookie is rejected. The list is
/// in memory: another gateway, or this one after a restart, accepts such a copy until the session expires.
/// </summary>
internal sealed class EndedSessions(TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly HashSet<string> ended = [];
    private readonly Queue<(string Name, long At)> order = [];

    /// <summary>Raised with the name of a session that was signed out. Its sockets and pictures at this gateway end.</summary>
    public event Action<string>? Ended;

    /// <summary>Ends the sockets and pictures of a session.</summary>
    public void Announce(string name) => Ended?.Invoke(name);

    /// <summary>Adds a session that was signed out.</summary>
    public void Add(string name)
    {
        lock (gate)
        {
            while (order.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.At) > SessionCookie.Lasts)
            {
                ended.Remove(order.Dequeue().Name);
            }

            if (ended.Add(name))
            {
                order.Enqueue((name, clock.GetTimestamp()));
            }
        }
    }

    /// <summary>Whether a session was signed out.</summary>
    public bool Contains(string? name)
    {
        lock (gate)
        {
            return name is not null && ended.Contains(name);
        }
    }
}
