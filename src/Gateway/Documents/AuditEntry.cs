namespace Counter.Gateway.Documents;

/// <summary>An entry of the audit log.</summary>
/// <param name="At">When the change was made.</param>
/// <param name="Who">The name and the id of the key; never the key.</param>
/// <param name="What">The action, such as <c>site.change</c> or <c>key.revoke</c>.</param>
/// <param name="Subject">The target: a site, a channel, <c>site/webhook</c>, the id of a key.</param>
internal sealed record AuditEntry(DateTimeOffset At, string Who, string What, string Subject);
