using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Counting.Play;
using Counter.Counting.Polls;
using Counter.Counting.Presence;

namespace Counter.Grains.Bench;

/// <summary>Receives what is published, and does nothing with it.</summary>
internal class Nobody : IBroadcastReceiver, IPresencePublisher
{
    public void Apply(CountUpdate total)
    {
    }

    public void Apply(string site, StreamCommand command)
    {
    }

    public void Apply(PollChange change)
    {
    }

    public void Apply(TableChange change)
    {
    }

    public void Watched()
    {
    }

    public void Missed()
    {
    }

    public void Publish(string gateway, CountUpdate total)
    {
    }

    public void Publish(string gateway, string site, StreamCommand command)
    {
    }

    public void Judged(string browser, bool works)
    {
    }

    public void Reportable()
    {
    }
}
