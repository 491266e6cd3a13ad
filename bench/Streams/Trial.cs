using System.Diagnostics;

namespace Counter.Streams;

/// <summary>The results of one server in one round.</summary>
internal sealed record Figures
{
    /// <summary>The CPU time for each frame that a viewer received, in microseconds (seconds for a million frames).</summary>
    public double CpuPerFrame { get; init; }

    /// <summary>The same with a reader that never sleeps.</summary>
    public double CpuPerFrameAwake { get; init; }

    /// <summary>The CPU time for each viewer, in milliseconds a minute.</summary>
    public double CpuPerViewer { get; init; }

    /// <summary>The 99th percentile of the times between two frames of a stream, in milliseconds. Shows how old a number can be.</summary>
    public double GapP99 { get; init; }

    /// <summary>The bytes sent for each frame, including all framing.</summary>
    public double BytesPerFrame { get; init; }

    /// <summary>The seconds from the first of many simultaneous joins until all viewers have a frame.</summary>
    public double StormSeconds { get; init; }

    /// <summary>The megabytes sent in this time.</summary>
    public double StormMegabytes { get; init; }

    /// <summary>The time from a join until half of all viewers have the new frame, in milliseconds.</summary>
    public double JoinP50 { get; init; }

    /// <summary>The same for 99 of 100 viewers.</summary>
    public double JoinP99 { get; init; }

    /// <summary>The seconds from the start of the process to the first response, with a frame if the server sends one on a join.</summary>
    public double StartSeconds { get; init; }

    /// <summary>The resident megabytes at that time.</summary>
    public double StartMegabytes { get; init; }

    /// <summary>The share of the due frames that were received; 1 when none was skipped.</summary>
    public double Delivered { get; init; }
}

/// <summary>Fills one page with viewers and changes its number.</summary>
/// <param name="contender">The server.</param>
/// <param name="viewers">The number of viewers.</param>
/// <param name="changesPerSecond">The changes of the number a second while CPU time is measured.</param>
/// <param name="seconds">The duration of this measurement.</param>
internal sealed class Trial(Contender contender, int viewers, int changesPerSecond, int seconds)
{
    private const int Joins = 20;
    private const int WarmUpSeconds = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private int published;

    /// <summary>Starts the server, measures it and stops it.</summary>
    /// <exception cref="TimeoutException">The server did not answer or send a change, or lost a stream.</exception>
    public Figures Run()
    {
        var starting = Stopwatch.StartNew();
        using var server = contender.Start(ServerProcess.FreePort());
        using var crowd = new Crowd(server.Address, Contender.Marker, contender.Request);
        Fill(crowd, 1);
        var (startSeconds, startMegabytes) = (starting.Elapsed.TotalSeconds, server.ResidentBytes / 1e6);
        crowd.Leave(1);
        WarmUp(server, crowd);

        var (bytes, storm) = (crowd.Bytes, Stopwatch.StartNew());
        Fill(crowd, viewers);
        var (stormSeconds, stormBytes) = (storm.Elapsed.TotalSeconds, crowd.Bytes - bytes);
        Change(server, crowd, WarmUpSeconds);
        Settle(crowd);

        var (awakeCpu, awakeFrames, _, _) = Measure(server, crowd, isAwake: true);
        var (usedCpu, came, sentBytes, gap) = Measure(server, crowd, isAwake: false);

        crowd.Times.Clear();
        for (var i = 0; i < Joins; i++)
        {
            JoinOnce(server, crowd);
        }

        if (crowd.Lost > 0)
        {
            throw new TimeoutException($"{contender.Name} ended {crowd.Lost} streams.");
        }

        var times = crowd.Times.Order().ToArray();
        return new Figures
        {
            StartSeconds = startSeconds,
            StartMegabytes = startMegabytes,
            CpuPerFrame = usedCpu / came * 1e6,
            CpuPerFrameAwake = awakeCpu / awakeFrames * 1e6,
            CpuPerViewer = usedCpu / viewers / seconds * 60 * 1000,
            GapP99 = gap,
            BytesPerFrame = (double)sentBytes / came,
            StormSeconds = stormSeconds,
            StormMegabytes = stormBytes / 1e6,
            JoinP50 = times[times.Length / 2],
            JoinP99 = times[times.Length * 99 / 100],
            Delivered = came / ((double)changesPerSecond * seconds / 2 * 2 * viewers),
        };
    }

    /// <summary>Adds viewers, and waits until each has what the server sends on a join.</summary>
    private void Fill(Crowd crowd, int count)
    {
        var (begun, answered) = (crowd.Begun + count, crowd.Answered + count);
        crowd.Join(count);
        Wait(crowd, () => contender.SendsOnJoin ? crowd.Begun >= begun : crowd.Answered >= answered, "answer all who joined");
    }

    /// <summary>Warms the server up. Code is slower on its first runs, and servers run for years.</summary>
    private void WarmUp(ServerProcess server, Crowd crowd)
    {
        const int Some = 300;
        for (var round = 0; round < 3; round++)
        {
            Fill(crowd, Some);
            for (var i = 0; i < 10; i++)
            {
                Push(server, crowd, joins: true);
                crowd.During(TimeSpan.FromMilliseconds(110));
                Push(server, crowd, joins: false);
                crowd.During(TimeSpan.FromMilliseconds(110));
            }

            crowd.Leave(Some);
        }

        Settle(crowd);
    }

    /// <summary>Changes the number for some seconds and measures the cost.</summary>
    private (double Cpu, long Frames, long Bytes, double GapP99) Measure(ServerProcess server, Crowd crowd, bool isAwake)
    {
        var (cpu, frames, bytes) = (server.CpuSeconds, crowd.Frames, crowd.Bytes);
        crowd.IsAwake = isAwake;
        crowd.Gaps = [];
        Change(server, crowd, seconds);
        var gaps = crowd.Gaps.Order().ToArray();
        (crowd.IsAwake, crowd.Gaps) = (false, null);
        Settle(crowd);
        return (server.CpuSeconds - cpu, crowd.Frames - frames, crowd.Bytes - bytes, gaps[gaps.Length * 99 / 100]);
    }

    private void Change(ServerProcess server, Crowd crowd, int seconds)
    {
        var pace = TimeSpan.FromSeconds(1.0 / changesPerSecond);
        var changes = changesPerSecond * seconds / 2 * 2;
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < changes; i++)
        {
            Push(server, crowd, joins: i % 2 == 0);
            crowd.Until(() => watch.Elapsed >= (i + 1) * pace, Patience);
        }
    }

    private void JoinOnce(ServerProcess server, Crowd crowd)
    {
        crowd.Mark();
        Push(server, crowd, joins: true);
        Wait(crowd, () => crowd.Missing <= 0, "show a join to everybody");
        var frames = crowd.Frames;
        Push(server, crowd, joins: false);
        if (contender.Counts)
        {
            Wait(crowd, () => crowd.Frames >= frames + viewers, "show a leave to everybody");
        }

        // Longer than the pacing of any server.
        crowd.During(TimeSpan.FromMilliseconds(600));
    }

    /// <summary>Changes the number once.</summary>
    private void Push(ServerProcess server, Crowd crowd, bool joins)
    {
        if (contender.Counts && joins)
        {
            crowd.Join(1);
        }
        else if (contender.Counts)
        {
            crowd.Leave(1);
        }
        else
        {
            var publishing = contender.PublishAsync(new Uri($"http://{server.Address}"), published++);
            crowd.Until(() => publishing.IsCompleted, Patience);
            publishing.GetAwaiter().GetResult();
        }
    }

    private static void Settle(Crowd crowd)
    {
        for (var frames = -1L; frames != crowd.Frames;)
        {
            frames = crowd.Frames;
            crowd.During(TimeSpan.FromMilliseconds(700));
        }
    }

    private void Wait(Crowd crowd, Func<bool> done, string what)
    {
        if (!crowd.Until(done, Patience))
        {
            throw new TimeoutException($"{contender.Name} did not {what} within {Patience.TotalSeconds:0} s.");
        }
    }
}
