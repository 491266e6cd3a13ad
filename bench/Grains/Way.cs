using System.Diagnostics;
using System.Globalization;
using Counter.Counting.Presence;

namespace Counter.Grains.Bench;

/// <summary>One way to count the changes of a site, and its CPU time in each round.</summary>
/// <param name="send">How the batches of a gateway are sent.</param>
/// <param name="site">The site.</param>
/// <param name="paths">Its pages.</param>
/// <param name="gateways">The number of gateways.</param>
/// <param name="shows">Whether each gateway shows the numbers of the pages, so that what opens at the others is published to it.</param>
internal sealed class Way(Func<int, Func<PresenceBatch, Task<PresenceReply>>> send, string site, string[] paths, int gateways, bool shows)
{
    private readonly ReportingGateway[] reporting = [.. Enumerable.Range(0, gateways).Select(g => new ReportingGateway(g, site))];
    private readonly List<double> microseconds = [];
    private readonly List<double> perSecond = [];

    /// <summary>The median of the CPU time of a change.</summary>
    public double Microseconds => microseconds.Order().ElementAt(microseconds.Count / 2);

    /// <summary>The median of the changes that were made in a second.</summary>
    public double PerSecond => perSecond.Order().ElementAt(perSecond.Count / 2);

    /// <summary>Makes changes. Each batch opens streams, and the next one of its gateway closes them.</summary>
    public async Task MeasureAsync(int changes, int together, bool isKept, CancellationToken cancellationToken)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(reporting.Select((gateway, g) => RunAsync(gateway, send(g), changes / together / gateways, together, cancellationToken)));
        if (isKept)
        {
            microseconds.Add((Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / changes);
            perSecond.Add(changes / watch.Elapsed.TotalSeconds);
        }
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Microseconds:0.00} us ({microseconds.Min():0.00} to {microseconds.Max():0.00})");

    private async Task RunAsync(
        ReportingGateway gateway, Func<PresenceBatch, Task<PresenceReply>> sendOne, int batches, int together, CancellationToken cancellationToken)
    {
        for (var i = 0; i < batches; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string[] next = [.. Enumerable.Range(i / 2 * together, together).Select(n => paths[n % paths.Length])];
            var batch = i % 2 == 0 ? gateway.Open(next, shows) : gateway.Close(together);
            while (await sendOne(batch) is { Status: not BatchStatus.Applied })
            {
                // The silo does not know the gateway yet.
                await Task.Delay(TimeSpan.FromMilliseconds(10), cancellationToken);
            }
        }
    }
}
