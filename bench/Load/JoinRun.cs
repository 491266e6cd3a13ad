using System.Diagnostics;
using System.Globalization;

namespace Counter.Load;

/// <summary>Fills a page with viewers, then lets one more join at a time and times when everybody has the new frame.</summary>
internal sealed class JoinRun(Uri gateway, int viewers, int joins, int? process)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var before = ServerState.Read(process);
        var everybody = Enumerable.Range(0, viewers).Select(_ => new Viewer()).ToArray();
        var filling = Stopwatch.StartNew();
        await Parallel.ForAsync(0, viewers, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = cancellationToken }, async (i, _) => await everybody[i].OpenAsync(gateway, i));
        await UntilAsync(() => everybody.All(v => v.Frames > 0), cancellationToken);
        Say($"{viewers} joins until all have their first frame: {filling.Elapsed.TotalSeconds:0.00} s, {everybody.Sum(v => v.Bytes) / 1e6:0.0} MB sent");
        await SettleAsync(everybody, cancellationToken);
        var idle = ServerState.Read(process);
        if (before is not null && idle is not null)
        {
            Say($"resident: {before.ResidentBytes / 1e6:0.0} MB before, {idle.ResidentBytes / 1e6:0.0} MB with {viewers} idle streams: {(idle.ResidentBytes - before.ResidentBytes) / 1024.0 / viewers:0.0} KB a stream");
        }

        var times = new List<double>();
        for (var i = 0; i < joins; i++)
        {
            await TimeOneJoinAsync(everybody, viewers + i, times, cancellationToken);
        }

        times.Sort();
        Say($"join to a viewer's new frame, {joins} joins x {viewers} viewers: p50 {At(times, .5):0.0} ms, p99 {At(times, .99):0.0} ms, max {times[^1]:0.0} ms");
        if (ServerState.Read(process) is { } after && idle is not null)
        {
            Say($"server CPU: {(after.CpuSeconds - idle.CpuSeconds) / (2.0 * joins * viewers) * 1e6:0.0} s per million frames delivered");
        }

        foreach (var viewer in everybody)
        {
            viewer.Dispose();
        }
    }

    private async Task TimeOneJoinAsync(Viewer[] everybody, int number, List<double> times, CancellationToken cancellationToken)
    {
        var seen = everybody.Select(v => v.Frames).ToArray();
        var start = Stopwatch.GetTimestamp();
        using (var joiner = new Viewer())
        {
            await joiner.OpenAsync(gateway, number);
            await UntilAsync(() => !everybody.Where((v, i) => v.Frames == seen[i]).Any(), cancellationToken);
            times.AddRange(everybody.Select(v => Stopwatch.GetElapsedTime(start, v.LastFrame).TotalMilliseconds));
        }

        // The leave is pushed as well; the next join begins when that is over and the pacing of frames is at rest.
        seen = everybody.Select(v => v.Frames).ToArray();
        await UntilAsync(() => !everybody.Where((v, i) => v.Frames == seen[i]).Any(), cancellationToken);
        await Task.Delay(150, cancellationToken);
    }

    private static async Task SettleAsync(Viewer[] everybody, CancellationToken cancellationToken)
    {
        long frames;
        do
        {
            frames = everybody.Sum(v => (long)v.Frames);
            await Task.Delay(1000, cancellationToken);
        }
        while (frames != everybody.Sum(v => (long)v.Frames));
    }

    private static async Task UntilAsync(Func<bool> done, CancellationToken cancellationToken)
    {
        var waiting = Stopwatch.StartNew();
        while (!done())
        {
            if (waiting.Elapsed > Patience)
            {
                throw new TimeoutException("The gateway did not send everybody a frame within a minute.");
            }

            await Task.Delay(5, cancellationToken);
        }
    }

    private static double At(List<double> sorted, double share) => sorted[(int)(share * (sorted.Count - 1))];

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
