namespace Counter.Gateway.Webhooks;

/// <summary>The section <c>Webhooks</c>.</summary>
internal sealed class WebhooksOptions
{
    /// <summary>Webhooks may call loopback and private addresses. Anyone who manages a site can then reach this network.</summary>
    public bool AllowPrivateAddresses { get; set; }
}
