using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>Takes what gateways are told beyond the answers to their own batches. The calls must not block.</summary>
public interface IPresencePublisher
{
    /// <summary>A number that a gateway shows has changed.</summary>
    void Publish(string gateway, CountUpdate total);

    /// <summary>Something is to be done with a stream of a gateway.</summary>
    void Publish(string gateway, string site, StreamCommand command);

    /// <summary>The probes of a browser's version are given up (false), or work again (true).</summary>
    void Judged(string browser, bool works);

    /// <summary>There is something to report, see <see cref="SitePresence.TakeReports"/>.</summary>
    void Reportable();
}
