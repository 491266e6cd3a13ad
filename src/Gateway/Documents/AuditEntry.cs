using System.Text.Json.Nodes;

namespace Counter.Gateway.Documents;

/// <summary>An entry of the audit log.</summary>
/// <param name="At">When.</param>
/// <param name="Who">The name and the id of the key; never the key.</param>
/// <param name="What">What was done, as <c>site.change</c> or <c>key.revoke</c>.</param>
/// <param name="Subject">To what: a site, a channel, <c>site/webhook</c>, the id of a key.</param>
/// <param name="Before">The values that were changed, as they were; null where there were none.</param>
/// <param name="After">The same values as they are from here on; null where there are none.</param>
internal sealed record AuditEntry(DateTimeOffset At, string Who, string What, string Subject, JsonObject? Before = null, JsonObject? After = null);
