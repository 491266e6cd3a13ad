namespace Counter.Gateway.Sessions;

/// <summary>
/// The sessions that were signed out here, for as long as their cookies would hold: a copy of one opens nothing. In memory, so
/// another gateway, or this one after a restart, takes such a copy until the session's own end.
/// </summary>
internal sealed class EndedSessions(TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, long> ended = [];

    /// <summary>A session was signed out, and its browser was told; what else it has open at this gateway ends with it.</summary>
    public event Action<string>? Ended;

    /// <summary>Ends what a session that was signed out still has open.</summary>
    public void Announce(string name) => Ended?.Invoke(name);

    /// <summary>A session was signed out.</summary>
    public void Add(string name)
    {
        lock (gate)
        {
            foreach (var (old, at) in ended)
            {
                if (clock.GetElapsedTime(at) > SessionCookie.Lasts)
                {
                    ended.Remove(old);
                }
            }

            ended[name] = clock.GetTimestamp();
        }
    }

    /// <summary>Whether it was.</summary>
    public bool Contains(string? name)
    {
        lock (gate)
        {
            return name is not null && ended.ContainsKey(name);
        }
    }
}
