using System.Text.Json;
using System.Text.Json.Serialization;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Polls.Admin;
using Counter.Gateway.Webhooks;

namespace Counter.Gateway;

/// <summary>JSON of request bodies. Endpoints map them at every start, so it is compiled, for the reason of <c>DocumentsJson</c>.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(NewKey))]
[JsonSerializable(typeof(WebhookRequest))]
[JsonSerializable(typeof(PollSettings))]
internal sealed partial class RequestsJson : JsonSerializerContext;
