using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>Publishes to gateways what the answers to their own batches do not contain. The calls must not block.</summary>
public interface IPresencePublisher
{
    /// <summary>Publishes a changed number to a gateway that shows it.</summary>
    void Publish(string gateway, CountUpdate total);

    /// <summary>Sends a gateway a command for one of its streams.</summary>
    void Publish(string gateway, string site, StreamCommand command);

    /// <summary>The probes of a browser version are given up (false), or work again (true).</summary>
    void Judged(string browser, bool works);

    /// <summary>There are reports to send, see <see cref="SitePresence.TakeReports"/>.</summary>
    void Reportable();
}
