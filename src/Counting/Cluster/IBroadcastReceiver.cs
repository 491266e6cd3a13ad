using Counter.Counting.Pages;
using Counter.Counting.Play;
using Counter.Counting.Polls;
using Counter.Counting.Presence;

namespace Counter.Counting.Cluster;

/// <summary>Takes what the cluster tells a gateway. The calls must not block.</summary>
public interface IBroadcastReceiver
{
    /// <summary>A number that is shown here has changed.</summary>
    void Apply(CountUpdate total);

    /// <summary>Something is to be done with a stream here.</summary>
    void Apply(string site, StreamCommand command);

    /// <summary>Votes were stored.</summary>
    void Apply(PollChange change);

    /// <summary>A table that somebody looks at here has changed.</summary>
    void Apply(TableChange change);

    /// <summary>Somebody watches the monitor at a gateway. The call repeats every second.</summary>
    void Watched();

    /// <summary>Something may have been lost: what is shown is to be asked for.</summary>
    void Missed();
}
