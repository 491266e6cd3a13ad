using System.Text.Json;
using System.Text.Json.Serialization;
using Counter.Counting.Webhooks;

namespace Counter.Gateway.Documents;

/// <summary>
/// How JSON becomes what every start reads, writes or maps: made when Counter is compiled, since finding it out takes its time at each
/// start (docs/performance.md). A type that is missing costs only that.
/// </summary>
/// <remarks>
/// A property with <c>init</c> would lose what it is initialised to when the JSON does not say it: the code that is made sets all of
/// them. Settings have <c>set</c> therefore.
/// </remarks>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(object))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(byte[]))]
[JsonSerializable(typeof(KeyRecord))]
[JsonSerializable(typeof(AuditEntry))]
[JsonSerializable(typeof(Webhook))]
[JsonSerializable(typeof(SiteSettings))]
[JsonSerializable(typeof(ChannelSettings))]
internal sealed partial class DocumentsJson : JsonSerializerContext;
