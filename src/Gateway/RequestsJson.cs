using System.Text.Json;
using System.Text.Json.Serialization;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Polls.Admin;
using Counter.Gateway.Webhooks;

namespace Counter.Gateway;

/// <summary>JSON of the bodies that endpoints map at every start, compiled for the same reason as that of documents.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(NewKey))]
[JsonSerializable(typeof(WebhookRequest))]
[JsonSerializable(typeof(PollSettings))]
internal sealed partial class RequestsJson : JsonSerializerContext;
