namespace Counter.Grains.Pages;

/// <summary>The clients that show a number, each until it has not said so for a while. Not safe for concurrent use.</summary>
internal sealed class Watchers
{
    /// <summary>How long a client is told changes from when it last said that it shows the number.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromMinutes(3);

    private Dictionary<Guid, DateTimeOffset>? clients;

    /// <summary>Those that are to be told now.</summary>
    public IEnumerable<Guid> At(DateTimeOffset now)
    {
        foreach (var (client, _) in clients?.Where(c => c.Value < now).ToList() ?? [])
        {
            clients!.Remove(client);
        }

        clients = clients is { Count: 0 } ? null : clients;
        return clients?.Keys ?? Enumerable.Empty<Guid>();
    }

    /// <summary>A client shows the number.</summary>
    public void Add(Guid client, DateTimeOffset now) => (clients ??= [])[client] = now + Hold;
}
