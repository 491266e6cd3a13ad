using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Counting.Relay;

namespace Counter.Gateway.Cluster;

/// <content>Applies the replies of presences and the broadcasts of the cluster.</content>
internal sealed partial class PresenceClient
{
    private void Apply(CountUpdate total)
    {
        if (sites.TryGetValue(total.Key.Site, out var site) && site.Streams.Apply(total))
        {
            Take(site, total);
        }
    }

    private void Apply(string site, StreamCommand command)
    {
        if (sites.TryGetValue(site, out var link))
        {
            Do(link, command);
        }
    }

    private void Answer(SiteConnection site, PresenceReply reply)
    {
        var (numbers, acknowledged) = site.Streams.Answer(reply);
        var wasStale = site.IsStale;
        site.IsStale = false;
        foreach (var total in numbers)
        {
            Take(site, total);
        }

        if (acknowledged.Count > 0)
        {
            Acknowledged?.Invoke(acknowledged);
        }

        if (wasStale)
        {
            Estimated?.Invoke(site.Streams.Shown);
        }

        foreach (var command in reply.Commands)
        {
            Do(site, command);
        }
    }

    private void Take(SiteConnection site, CountUpdate total)
    {
        if (total.Key.Of == CountOf.Gateway)
        {
            lock (gate)
            {
                Count(site, (int)total.Viewers);
            }

            return;
        }

        Changed?.Invoke(total);
    }

    private void Count(SiteConnection site, int now)
    {
        var by = now - site.Viewers;
        site.Viewers = now;
        viewers += by;
        entered += Math.Max(by, 0);
        left += Math.Max(-by, 0);
    }

    private void Do(SiteConnection site, StreamCommand command)
    {
        if (site.Streams.Find(command.Stream) is not { } stream)
        {
            return;
        }

        if (command.Kind == CommandKind.Probe)
        {
            Probes.Probe(stream, command, () =>
            {
                site.Streams.Probed(stream);
                Send(site.Streams.Site);
            });
            return;
        }

        if (command.Kind == CommandKind.Watch)
        {
            Probes.Watch(stream);
            return;
        }

        if (command.Kind == CommandKind.Unwatch)
        {
            Probes.Unwatch(stream);
            return;
        }

        if (command.Kind == CommandKind.Refuse)
        {
            metrics.Refused("pages");
            LogRefused(site.Streams.Site);
            if (site.Streams.Site == ChannelName.Site)
            {
                // The watcher of a relay channel keeps its stream, uncounted.
                return;
            }
        }

        stream.IsEnded = true;
        stream.Response.End();
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Site} has the most pages that are allowed (Limits:PagesPerSite); a new one is not counted.")]
    private partial void LogRefused(string site);
}
