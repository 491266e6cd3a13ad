namespace Counter.Gateway.Webhooks;

/// <summary>The section <c>Webhooks</c>.</summary>
internal sealed class WebhooksOptions
{
    /// <summary>
    /// Whether messages may go to loopback and private addresses. Whoever manages a site could then make the gateway call what
    /// only the gateway's network can reach.
    /// </summary>
    public bool AllowPrivateAddresses { get; set; }
}
