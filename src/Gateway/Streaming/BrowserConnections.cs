using System.IO.Hashing;
using System.Runtime.InteropServices;
using Counter.Counting.Presence;
using Counter.Gateway.Cluster;
using Counter.Gateway.Network;
using Counter.Gateway.Visitors;

namespace Counter.Gateway.Streaming;

/// <summary>
/// Keeps connections free for the next page of a browser. Over HTTP/1.1 a browser opens six connections to a host. The streams of pages in its
/// back/forward cache hold some of them. A seventh request waits until one closes, for up to 60 s.
/// </summary>
/// <remarks>
/// Counts all streams of one address and agent together, whatever their site, including those that count nobody. When a browser has more than
/// four, the streams that count nobody are probed. Those that nothing settles are ended. A stream that counts a visitor is left alone.
/// </remarks>
internal sealed class BrowserConnections(TimeProvider clock)
{
    /// <summary>The most streams that leave enough connections for the next page.</summary>
    private const int Enough = 4;

    /// <summary>The connections that a browser opens to a host. More than six belong to several browsers, and none of them is ended.</summary>
    private const int OfBrowser = 6;

    // Where many share an address, the connections of one browser cannot be told apart, so only this many are checked.
    private const int MostLookedAt = 16;

    // The old page is still open when the new one requests its picture (see Probes).
    private static readonly TimeSpan UntilLeft = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BetweenProbes = TimeSpan.FromSeconds(3);

    private readonly long seed = Random.Shared.NextInt64();
    private readonly Lock gate = new();
    private readonly Dictionary<ulong, LinkedList<HeldConnection>> browsers = [];
    private readonly Queue<(long At, HeldConnection Connection)> due = [];

    /// <summary>Describes the connection that a stream will hold. Null where connections are not scarce.</summary>
    public HeldConnection? Describe(HttpRequest request, SettledBy settles) =>
        HttpProtocol.IsHttp11(request.Protocol) && !VisitorIdentity.CameThroughUnknownProxy(request)
            ? new HeldConnection(this, Hash($"{ClientAddress.Whole(request.HttpContext)}\n{request.Headers.UserAgent}"))
            {
                Settles = settles,
                IsDirect = !VisitorIdentity.CameThroughTrustedProxy(request),
            }
            : null;

    /// <summary>Adds the connection of an open stream.</summary>
    public void Add(HeldConnection connection)
    {
        lock (gate)
        {
            if (!browsers.TryGetValue(connection.Browser, out var held))
            {
                browsers[connection.Browser] = held = [];
            }

            connection.Node = held.AddLast(connection);
        }
    }

    /// <summary>Removes the connection of an ended stream.</summary>
    public void Remove(HeldConnection connection)
    {
        lock (gate)
        {
            if (connection.Node is { List: { } held } node)
            {
                held.Remove(node);
                connection.Node = null;
                if (held.Count == 0)
                {
                    browsers.Remove(connection.Browser);
                }
            }
        }
    }

    /// <summary>Frees connections of streams that count nobody, when a browser has too few left.</summary>
    /// <param name="connection">The stream that has just opened.</param>
    /// <param name="presence">Decides which streams count.</param>
    public void MakeRoom(HeldConnection connection, PresenceClient presence)
    {
        HeldConnection[] others;
        int tooMany;
        lock (gate)
        {
            if (!browsers.TryGetValue(connection.Browser, out var held) || held.Count <= Enough)
            {
                return;
            }

            others = [.. held.Take(MostLookedAt).Where(other => other != connection && other.IsEntered)];
            tooMany = connection.IsDirect && held.Count <= OfBrowser ? held.Count - Enough : 0;
        }

        foreach (var other in others.Where(other => other.Entry is null))
        {
            if (other.Settles != SettledBy.Nothing)
            {
                Plan(other);
            }
            else if (tooMany > 0)
            {
                tooMany--;
                other.Stream?.EndNow();
            }
        }

        presence.Release(others.Select(other => other.Entry).OfType<StreamEntry>(), tooMany);
    }

    /// <summary>Sends the probes that are due.</summary>
    public void Tick()
    {
        while (TryTakeDue(out var connection))
        {
            connection.Stream?.Probe(static () => { });
        }
    }

    private ulong Hash(string text) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()), seed);

    private void Plan(HeldConnection connection)
    {
        var now = clock.GetTimestamp();
        lock (gate)
        {
            if (connection.ProbedAt is not { } last || clock.GetElapsedTime(last, now) >= BetweenProbes)
            {
                connection.ProbedAt = now;
                due.Enqueue((now, connection));
            }
        }
    }

    private bool TryTakeDue(out HeldConnection connection)
    {
        lock (gate)
        {
            if (due.TryPeek(out var next) && clock.GetElapsedTime(next.At) >= UntilLeft)
            {
                due.Dequeue();
                connection = next.Connection;
                return true;
            }

            connection = null!;
            return false;
        }
    }
}
