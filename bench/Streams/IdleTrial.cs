using System.Diagnostics;
using System.Globalization;

namespace Counter.Streams;

/// <summary>Opens very many streams, holds them idle, and then changes the number.</summary>
/// <param name="contender">The server.</param>
/// <param name="viewers">The number of viewers.</param>
/// <param name="activeSeconds">The seconds during which the number changes ten times a second; 0 for none.</param>
internal sealed class IdleTrial(Contender contender, int viewers, int activeSeconds)
{
    private const int AtOnce = 500;
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan UntilCollected = TimeSpan.FromSeconds(75);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The resident memory of the server for each stream in KB, while idle and a minute after activity; NaN without activity. The memory that
    /// 500 earlier streams left in the server is not counted.
    /// </summary>
    /// <exception cref="TimeoutException">The server did not answer a stream, or lost one.</exception>
    public (double Idle, double Active) Run()
    {
        using var server = contender.Start(ServerProcess.FreePort());
        using var crowd = new Crowd(server.Address, Contender.Marker, contender.Request);

        // Excludes the memory that the server needs for its first streams.
        Join(crowd, AtOnce);
        crowd.Leave(AtOnce);
        crowd.During(TimeSpan.FromSeconds(3));
        var before = server.ResidentBytes;
        for (var open = 0; open < viewers; open += AtOnce)
        {
            Join(crowd, Math.Min(AtOnce, viewers - open));
        }

        // Twice the refresh interval of an idle stream, so that all allocations over time have happened.
        crowd.During(TimeSpan.FromSeconds(30));

        // The server refreshes and probes the streams during this time.
        var (cpu, bytes) = (server.CpuSeconds, crowd.Bytes);
        crowd.During(Held);
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{contender.Name}, {viewers} held: {(server.CpuSeconds - cpu) / Held.TotalSeconds:P1} of a core, {(crowd.Bytes - bytes) / Held.TotalSeconds / 1000:0} kB/s"));
        var idle = KilobytesSince(before, server);
        var active = double.NaN;
        if (activeSeconds > 0)
        {
            Change(crowd);
            crowd.During(UntilCollected);
            active = KilobytesSince(before, server);
        }

        return crowd.Lost == 0 ? (idle, active) : throw new TimeoutException($"{contender.Name} ended {crowd.Lost} streams.");
    }

    private double KilobytesSince(long before, ServerProcess server) => (server.ResidentBytes - before) / 1024.0 / viewers;

    private void Change(Crowd crowd)
    {
        var watch = Stopwatch.StartNew();
        for (var number = 0; watch.Elapsed.TotalSeconds < activeSeconds; number++)
        {
            if (!contender.Counts)
            {
                var publishing = contender.PublishAsync(number);
                crowd.Until(() => publishing.IsCompleted, Patience);
            }
            else if (number % 2 == 0)
            {
                crowd.Join(1);
            }
            else
            {
                crowd.Leave(1);
            }

            crowd.During(TimeSpan.FromMilliseconds(100));
        }
    }

    private void Join(Crowd crowd, int count)
    {
        int Come() => contender.SendsOnJoin ? crowd.Begun : crowd.Answered;
        var all = Come() + count;
        crowd.Join(count);
        if (!crowd.Until(() => Come() >= all, Patience))
        {
            throw new TimeoutException($"{contender.Name} did not answer {crowd.Open} streams.");
        }
    }
}
