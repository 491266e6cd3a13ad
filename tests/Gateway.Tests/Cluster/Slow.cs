using System.Reflection;
using Counter.Counting.Cluster;

namespace Counter.Gateway.Tests.Cluster;

/// <summary>An engine that takes its time for every page of a report, as one does that writes them down.</summary>
public class Slow : DispatchProxy
{
    /// <summary>The engine behind it.</summary>
    public ICluster Engine { get; set; } = null!;

    /// <summary>What it takes its time by.</summary>
    public TimeProvider Clock { get; set; } = null!;

    /// <summary>How long it takes for a page.</summary>
    public TimeSpan PerPage { get; set; }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => args?[0] is Report report
        ? new ValueTask<ReportReply>(ReportAsync(report, (CancellationToken)args[1]!))
        : targetMethod!.Invoke(Engine, args);

    private async Task<ReportReply> ReportAsync(Report report, CancellationToken cancellationToken)
    {
        await Task.Delay(report.Pages.Count * PerPage, Clock, cancellationToken);
        return await Engine.ReportAsync(report, cancellationToken);
    }
}
