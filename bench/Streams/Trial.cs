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

    /// <summary>The median age of the numbers that viewers see, in milliseconds from the change.</summary>
    public double AgeP50 { get; init; }

    /// <summary>The 99th percentile of these ages.</summary>
    public double AgeP99 { get; init; }

    /// <summary>The frames a second to all viewers.</summary>
    public double FramesPerSecond { get; init; }

    /// <summary>The bytes sent for each frame, including all framing.</summary>
    public double BytesPerFrame { get; init; }

    /// <summary>The seconds from the first of many simultaneous joins until all viewers have a frame.</summary>
    public double StormSeconds { get; init; }

    /// <summary>The CPU time of the server in this time, in seconds.</summary>
    public double StormCpuSeconds { get; init; }

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

    private int joined;

    /// <summary>Starts the server, measures it and stops it.</summary>
    /// <exception cref="TimeoutException">The server did not answer or send a change, or lost a stream.</exception>
    public async Task<Figures> RunAsync()
    {
        var starting = Stopwatch.StartNew();
        using var server = contender.Start(ServerProcess.FreePort());
        using var crowd = new Crowd(server.Address, Contender.Marker, contender.Request);
        Fill(crowd, 1);
        var (startSeconds, startMegabytes) = (starting.Elapsed.TotalSeconds, server.ResidentBytes / 1e6);
        crowd.Leave(1);
        WarmUp(crowd);

        var (bytesBefore, cpuBefore, storm) = (crowd.Bytes, server.CpuSeconds, Stopwatch.StartNew());
        Fill(crowd, viewers);
        var (stormSeconds, stormCpu, stormBytes) = (storm.Elapsed.TotalSeconds, server.CpuSeconds - cpuBefore, crowd.Bytes - bytesBefore);
        Change(crowd, WarmUpSeconds);
        Settle(crowd);

        var awake = Measure(server, crowd, isAwake: true);
        crowd.Ages = await KnowPicturesAsync();
        var (cpu, frames, bytes, rate) = Measure(server, crowd, isAwake: false);
        var ages = crowd.Ages.Milliseconds;
        crowd.Ages = null;

        crowd.Times.Clear();
        for (var i = 0; i < Joins; i++)
        {
            JoinOnce(crowd);
        }

        if (crowd.Lost > 0)
        {
            throw new TimeoutException($"{contender.Name} ended {crowd.Lost} streams.");
        }

        return new Figures
        {
            StartSeconds = startSeconds,
            StartMegabytes = startMegabytes,
            CpuPerFrame = cpu / frames * 1e6,
            CpuPerFrameAwake = awake.Cpu / awake.Frames * 1e6,
            CpuPerViewer = cpu / viewers / seconds * 60 * 1000,
            AgeP50 = Table.Percentile(ages, 50),
            AgeP99 = Table.Percentile(ages, 99),
            FramesPerSecond = rate,
            BytesPerFrame = (double)bytes / frames,
            StormSeconds = stormSeconds,
            StormCpuSeconds = stormCpu,
            StormMegabytes = stormBytes / 1e6,
            JoinP50 = Table.Percentile(crowd.Times, 50),
            JoinP99 = Table.Percentile(crowd.Times, 99),
            Delivered = frames / ((double)Changes(seconds) * viewers),
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
    private void WarmUp(Crowd crowd)
    {
        const int Some = 300;
        for (var round = 0; round < 3; round++)
        {
            Fill(crowd, Some);
            for (var i = 0; i < 10; i++)
            {
                Push(crowd, joins: true);
                crowd.During(TimeSpan.FromMilliseconds(110));
                Push(crowd, joins: false);
                crowd.During(TimeSpan.FromMilliseconds(110));
            }

            crowd.Leave(Some);
        }

        Settle(crowd);
    }

    /// <summary>Has the server draw the numbers that will be seen, so that their frames are recognised.</summary>
    private async Task<Ages> KnowPicturesAsync()
    {
        var ages = new Ages();
        for (var number = viewers; number <= viewers + (Changes(seconds) / 2); number++)
        {
            ages.Know(number, await contender.PictureAsync(number));
        }

        return ages;
    }

    /// <summary>Changes the number for some seconds and measures the cost.</summary>
    private (double Cpu, long Frames, long Bytes, double FramesPerSecond) Measure(ServerProcess server, Crowd crowd, bool isAwake)
    {
        var (cpu, frames, bytes) = (server.CpuSeconds, crowd.Frames, crowd.Bytes);
        crowd.IsAwake = isAwake;
        var watch = Stopwatch.StartNew();
        Change(crowd, seconds);
        var rate = (crowd.Frames - frames) / watch.Elapsed.TotalSeconds;
        crowd.IsAwake = false;
        Settle(crowd);
        return (server.CpuSeconds - cpu, crowd.Frames - frames, crowd.Bytes - bytes, rate);
    }

    /// <summary>Changes the number for some seconds: first it goes up, then down again, and is what it was.</summary>
    private void Change(Crowd crowd, int duration)
    {
        var pace = TimeSpan.FromSeconds(1.0 / changesPerSecond);
        var changes = Changes(duration);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < changes; i++)
        {
            Push(crowd, joins: i < changes / 2);
            crowd.Until(() => watch.Elapsed >= (i + 1) * pace, Patience);
        }
    }

    private int Changes(int duration) => changesPerSecond * duration / 2 * 2;

    private void JoinOnce(Crowd crowd)
    {
        crowd.Mark();
        Push(crowd, joins: true);
        Wait(crowd, () => crowd.Missing <= 0, "show a join to everybody");
        var frames = crowd.Frames;
        Push(crowd, joins: false);
        if (contender.Counts)
        {
            Wait(crowd, () => crowd.Frames >= frames + viewers, "show a leave to everybody");
        }

        // Longer than the pacing of any server.
        crowd.During(TimeSpan.FromMilliseconds(600));
    }

    /// <summary>Changes the number once.</summary>
    private void Push(Crowd crowd, bool joins)
    {
        joined += joins ? 1 : -1;
        crowd.Ages?.Change(viewers + joined);
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
            var publishing = contender.PublishAsync(viewers + joined);
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
