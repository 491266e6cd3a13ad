using System.Text.Json.Nodes;
using Counter.Gateway.Admin;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Html;
using Counter.Gateway.SitePages.Pages;

namespace Counter.Gateway.SitePages;

/// <summary>Answers <c>/sites/{site}/keys</c>.</summary>
internal static class KeysHandler
{
    private const string Pattern = "/sites/{site}/keys";

    /// <summary>Shows the keys, and the form for a new one.</summary>
    public static async Task ShowAsync(HttpContext context, string site)
    {
        if (await SiteVisit.ManageAsync(context, site) is { } visit)
        {
            await SendAsync(visit, FormFields.Empty);
        }
    }

    /// <summary>Makes a key. This answer is the only one that shows it.</summary>
    public static async Task MakeAsync(HttpContext context, string site)
    {
        if (await SiteVisit.ManageAsync(context, site) is not { } visit)
        {
            return;
        }

        var form = await Form.ReadAsync(context);
        var fields = new FormFields(form, problem: null);
        var body = new JsonObject
        {
            ["name"] = fields.Text("name"),
            ["role"] = fields.Text("role"),
            ["expiresAt"] = fields.Text("expiresAt") is { } day ? day + "T00:00:00Z" : null,
        };
        var answer = await visit.CallAsync(new ApiCall(HttpMethods.Post, Pattern, []) { Body = body });
        await (answer.Problem is { } problem
            ? SendAsync(visit, new FormFields(form, problem), problem)
            : SendAsync(visit, FormFields.Empty, made: answer.Read<KeyAnswer>()));
    }

    /// <summary>Revokes a key.</summary>
    public static async Task RevokeAsync(HttpContext context, string site, string id)
    {
        if (await SiteVisit.ManageAsync(context, site) is not { } visit)
        {
            return;
        }

        var answer = await visit.CallAsync(new ApiCall(HttpMethods.Delete, Pattern + "/{id}", new() { ["id"] = id }));
        if (answer.Problem is { } problem)
        {
            await SendAsync(visit, new FormFields(FormCollection.Empty, problem), problem);
            return;
        }

        visit.GoTo(visit.Address + "/keys");
    }

    private static async Task SendAsync(SiteVisit visit, FormFields fields, ApiProblem? problem = null, KeyAnswer? made = null)
    {
        var keys = (await visit.GetAsync(Pattern)).Read<Part<KeyAnswer>>().Items;
        await visit.SendAsync<KeysPage>(
            problem, new() { [nameof(KeysPage.Fields)] = fields, [nameof(KeysPage.List)] = new KeyList(keys, made) });
    }
}

/// <summary>The keys of a site.</summary>
public sealed class KeyList
{
    internal KeyList(IReadOnlyList<KeyAnswer> keys, KeyAnswer? made) => (Keys, Made) = (keys, made);

    internal IReadOnlyList<KeyAnswer> Keys { get; }

    /// <summary>The key that was made just now; null for none.</summary>
    internal KeyAnswer? Made { get; }
}
