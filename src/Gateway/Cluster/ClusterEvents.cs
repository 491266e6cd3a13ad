using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Counting.Play;
using Counter.Counting.Polls;
using Counter.Counting.Presence;

namespace Counter.Gateway.Cluster;

/// <summary>Raises the cluster's broadcasts to this gateway as events.</summary>
internal sealed class ClusterEvents : IBroadcastReceiver
{
    /// <summary>A number that this gateway shows has changed.</summary>
    public event Action<CountUpdate>? NumberChanged;

    /// <summary>A stream of a site got a command.</summary>
    public event Action<string, StreamCommand>? Commanded;

    /// <summary>Votes were stored.</summary>
    public event Action<PollChange>? PollChanged;

    /// <summary>A table with watchers on this gateway has changed.</summary>
    public event Action<TableChange>? TableChanged;

    /// <summary>Somebody watches the monitor at a gateway; again every second.</summary>
    public event Action? Watched;

    /// <summary>A broadcast may be lost.</summary>
    public event Action? Missed;

    /// <inheritdoc/>
    public void Apply(CountUpdate total) => NumberChanged?.Invoke(total);

    /// <inheritdoc/>
    public void Apply(string site, StreamCommand command) => Commanded?.Invoke(site, command);

    /// <inheritdoc/>
    public void Apply(PollChange change) => PollChanged?.Invoke(change);

    /// <inheritdoc/>
    public void Apply(TableChange change) => TableChanged?.Invoke(change);

    /// <inheritdoc/>
    void IBroadcastReceiver.Watched() => Watched?.Invoke();

    /// <inheritdoc/>
    void IBroadcastReceiver.Missed() => Missed?.Invoke();
}
