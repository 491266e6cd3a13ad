using System.Text.Json.Nodes;

namespace Counter.Gateway.Documents;

/// <summary>An entry of the audit log.</summary>
/// <param name="At">When the change was made.</param>
/// <param name="Who">The name and the id of the key; never the key.</param>
/// <param name="What">The action, such as <c>site.change</c> or <c>key.revoke</c>.</param>
/// <param name="Subject">The target: a site, a channel, <c>site/webhook</c>, the id of a key.</param>
/// <param name="Before">The old values of what was changed; null when there were none.</param>
/// <param name="After">The new values of what was changed; null when there are none.</param>
internal sealed record AuditEntry(DateTimeOffset At, string Who, string What, string Subject, JsonObject? Before = null, JsonObject? After = null);
