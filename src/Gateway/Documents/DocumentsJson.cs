using System.Text.Json;
using System.Text.Json.Serialization;
using Counter.Counting.Webhooks;

namespace Counter.Gateway.Documents;

/// <summary>
/// The JSON metadata of all types that every start reads, writes or maps. It is generated when Counter is compiled, since reflection takes
/// time at each start (docs/performance.md). A missing type costs only that time.
/// </summary>
/// <remarks>
/// The generated code sets all <c>init</c> properties. One that the JSON does not have would lose its initial value, so settings have
/// <c>set</c>.
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
