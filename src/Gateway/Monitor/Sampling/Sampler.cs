using Counter.Counting.Cluster;
using Counter.Gateway.Cluster;
using Counter.Gateway.Operations;

namespace Counter.Gateway.Monitor.Sampling;

/// <summary>Takes a sample every second, even while nobody watches. It waits for no other service.</summary>
internal sealed partial class Sampler(
    PresenceClient presence, GatewayHeartbeat heartbeat, MonitorViewers viewers, CounterMetrics metrics, MachineUsage machine, ClusterPoller poller, SampleHistory history, MessageChain chain, TimeProvider clock,
    ILogger<Sampler> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        var before = Measure();
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                before = Take(before);
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }

    private Reading Take(Reading before)
    {
        try
        {
            var now = Measure();
            if (clock.GetElapsedTime(before.Time, now.Time) > TimeSpan.Zero)
            {
                var sample = Compare(before, now);
                chain.Publish(history.Add(sample), sample);
                heartbeat.Report(new GatewayLoad(sample.Frames, sample.Bytes, sample.Process, (long)sample.Resident), viewers.Count > 0);
                return now;
            }
        }
        catch (Exception e)
        {
            // This sample is lost. The next one covers a longer time.
            LogFailed(e);
        }

        return before;
    }

    private Reading Measure() => new(
        clock.GetTimestamp(), presence.Entered, presence.Left, metrics.FramesSent, metrics.BytesSent, metrics.FramesSkipped,
        metrics.StreamsDropped, machine.ReadCpu(), Environment.CpuUsage.TotalTime);

    private Sample Compare(Reading before, Reading now)
    {
        var seconds = clock.GetElapsedTime(before.Time, now.Time).TotalSeconds;
        var cpu = now.Cpu is { } after && before.Cpu is { } earlier ? after.Since(earlier) : null;
        var memory = machine.ReadMemory();
        var totals = poller.Totals;
        return new Sample
        {
            At = clock.GetUtcNow(),
            Viewers = poller.Viewers ?? double.NaN,
            Here = presence.Viewers,
            Streams = metrics.StreamsOpen,
            Joins = (now.Entered - before.Entered) / seconds,
            Leaves = (now.Left - before.Left) / seconds,
            Frames = (now.Frames - before.Frames) / seconds,
            Bytes = (now.Bytes - before.Bytes) / seconds,
            Skipped = (now.Skipped - before.Skipped) / seconds,
            Dropped = (now.Dropped - before.Dropped) / seconds,
            Pages = totals?.ActivePages ?? double.NaN,
            Sites = totals?.Sites ?? double.NaN,
            User = cpu?.User ?? double.NaN,
            System = cpu?.System ?? double.NaN,
            Wait = cpu?.Wait ?? double.NaN,
            Steal = cpu?.Steal ?? double.NaN,
            Idle = cpu?.Idle ?? double.NaN,
            Process = 100 * (now.Own - before.Own).TotalSeconds / seconds / (now.Cpu?.Processors ?? Environment.ProcessorCount),
            Resident = Environment.WorkingSet,
            Managed = GC.GetTotalMemory(forceFullCollection: false),
            Memory = memory?.Total ?? double.NaN,
            Available = memory?.Available ?? double.NaN,
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sample for the monitor could not be taken.")]
    private partial void LogFailed(Exception exception);

    /// <summary>The cumulative totals at one moment.</summary>
    private readonly record struct Reading(
        long Time, long Entered, long Left, long Frames, long Bytes, long Skipped, long Dropped, CpuTimes? Cpu, TimeSpan Own);
}
