using Counter.Counting.Pages;
using Counter.Counting.Play;
using Counter.Counting.Polls;
using Counter.Counting.Presence;

namespace Counter.Counting.Cluster;

/// <summary>Applies the broadcasts of the cluster at a gateway. The calls must not block.</summary>
public interface IBroadcastReceiver
{
    /// <summary>A number that the gateway shows has changed.</summary>
    void Apply(CountUpdate total);

    /// <summary>Executes a command for a stream of the gateway.</summary>
    void Apply(string site, StreamCommand command);

    /// <summary>Votes in a poll were stored.</summary>
    void Apply(PollChange change);

    /// <summary>A table that the gateway shows has changed.</summary>
    void Apply(TableChange change);

    /// <summary>Somebody watches the monitor at a gateway. The call repeats every second.</summary>
    void Watched();

    /// <summary>Broadcasts may have been lost: the gateway must request all that it shows.</summary>
    void Missed();
}
