using System.Text.Json;
using System.Text.Json.Nodes;
using Counter.Gateway.Admin;
using Counter.Gateway.Documents;
using Counter.Gateway.Html;
using Counter.Gateway.SitePages.Pages;

namespace Counter.Gateway.SitePages;

/// <summary>Answers <c>/sites/{site}/settings</c>.</summary>
internal static class SettingsHandler
{
    private const string Pattern = "/sites/{site}";
    private const int MostFields = 16;
    private const int MostBytes = 64 * 1024;

    private static readonly char[] BetweenHosts = [' ', ',', '\r', '\n', '\t'];

    /// <summary>Shows the form.</summary>
    public static async Task ShowAsync(HttpContext context, string site)
    {
        if (await SiteVisit.ManageAsync(context, site) is { } visit)
        {
            var (settings, version) = await ReadAsync(visit);
            await SendAsync(visit, new FormFields(ValuesOf(settings, version)), problem: null, isStored: context.Request.Query["stored"] == "1");
        }
    }

    /// <summary>Takes the form.</summary>
    public static async Task ChangeAsync(HttpContext context, string site)
    {
        if (await SiteVisit.ManageAsync(context, site) is not { } visit)
        {
            return;
        }

        var form = await Form.ReadAsync(context, MostFields, MostBytes);
        var fields = new FormFields(form, problem: null);

        // Of a field that is not in the form, the stored value is sent.
        var (before, _) = await ReadAsync(visit);
        var body = JsonSerializer.SerializeToNode(before, StoredDocuments.Json)!.AsObject();
        Fill(body, fields, visit.IsOperator);
        var answer = await visit.CallAsync(new ApiCall(HttpMethods.Put, Pattern, []) { Body = body, Version = fields["version"] });
        if (answer.Problem is { } problem)
        {
            await SendAsync(visit, new FormFields(form, problem), problem, isStored: false);
            return;
        }

        visit.GoTo(visit.Address + "/settings?stored=1");
    }

    private static async Task<(SiteSettings Settings, string Version)> ReadAsync(SiteVisit visit)
    {
        var answer = await visit.GetAsync(Pattern);
        return answer.IsSuccess ? (answer.Read<SiteAnswer>().Settings, answer.Version ?? "") : (SiteSettings.Default, "");
    }

    private static Dictionary<string, string> ValuesOf(SiteSettings settings, string version) => new()
    {
        ["version"] = version,
        ["public"] = settings.Public ? "1" : "",
        ["identity"] = settings.Identity?.ToString().ToLowerInvariant() ?? "",
        ["probes"] = settings.Probes switch { true => "true", false => "false", null => "" },
        ["proof"] = settings.Proof.ToString().ToLowerInvariant(),
        ["look"] = string.Join('\n', settings.Look.Select(pair => $"{pair.Key}={pair.Value}")),
        ["counting"] = settings.Counting ? "1" : "",
        ["hosts"] = string.Join('\n', settings.Hosts),
        ["limits.pages"] = $"{settings.Limits.Pages}",
        ["limits.streamsPerPage"] = $"{settings.Limits.StreamsPerPage}",
    };

    private static void Fill(JsonObject body, FormFields fields, bool isOperator)
    {
        body["public"] = fields["public"] == "1";
        body["identity"] = fields.Text("identity");
        body["probes"] = fields["probes"] switch { "true" => true, "false" => false, _ => fields.Text("probes") };
        body["proof"] = fields.Text("proof") ?? body["proof"]!.DeepClone();
        var look = new JsonObject();
        foreach (var line in fields["look"].Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split('=', 2, StringSplitOptions.TrimEntries);
            look[parts[0]] = parts is [_, var value] ? value : "";
        }

        body["look"] = look;
        if (isOperator)
        {
            body["counting"] = fields["counting"] == "1";
            body["hosts"] = new JsonArray([.. fields["hosts"].Split(BetweenHosts, StringSplitOptions.RemoveEmptyEntries).Select(host => (JsonNode)host)]);
            body["limits"] = new JsonObject
            {
                ["pages"] = fields.Number("limits.pages"),
                ["streamsPerPage"] = fields.Number("limits.streamsPerPage"),
            };
        }
    }

    private static Task SendAsync(SiteVisit visit, FormFields fields, ApiProblem? problem, bool isStored) => visit.SendAsync<SettingsPage>(
        problem, new() { [nameof(SettingsPage.Fields)] = fields, [nameof(SettingsPage.IsStored)] = isStored });
}
