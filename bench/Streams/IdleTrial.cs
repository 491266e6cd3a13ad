using System.Globalization;

namespace Counter.Streams;

/// <summary>Fills one page with as many viewers as there may be and lets them be.</summary>
internal static class IdleTrial
{
    private const int AtOnce = 500;
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>What a stream takes of the server's resident memory, in KB. Memory that earlier streams left with the server is not counted: 500 of all.</summary>
    /// <exception cref="TimeoutException">The server did not answer somebody, or lost a stream.</exception>
    public static double Run(Contender contender, int viewers)
    {
        using var server = contender.Start(ServerProcess.FreePort());
        using var crowd = new Crowd(server.Address, Contender.Marker, contender.Request);

        // What the server needs for any streams at all is not theirs.
        Join(crowd, contender, AtOnce);
        crowd.Leave(AtOnce);
        crowd.During(TimeSpan.FromSeconds(3));
        var before = server.ResidentBytes;
        for (var open = 0; open < viewers; open += AtOnce)
        {
            Join(crowd, contender, Math.Min(AtOnce, viewers - open));
        }

        // Twice what an idle stream is sent again after, so that everything that comes with time has come.
        crowd.During(TimeSpan.FromSeconds(30));

        // They are refreshed and probed meanwhile.
        var (cpu, bytes) = (server.CpuSeconds, crowd.Bytes);
        crowd.During(Held);
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{contender.Name}, {viewers} held: {(server.CpuSeconds - cpu) / Held.TotalSeconds:P1} of a core, {(crowd.Bytes - bytes) / Held.TotalSeconds / 1000:0} kB/s"));
        if (crowd.Lost > 0)
        {
            throw new TimeoutException($"{contender.Name} ended {crowd.Lost} streams.");
        }

        return (server.ResidentBytes - before) / 1024.0 / viewers;
    }

    private static void Join(Crowd crowd, Contender contender, int count)
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
