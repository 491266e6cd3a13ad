using System.Text.Json.Nodes;
using Counter.Gateway.Admin;
using Counter.Gateway.Html;
using Counter.Gateway.SitePages.Pages;

namespace Counter.Gateway.SitePages;

/// <summary>Answers <c>/sites/{site}/webhooks</c> and what is below it.</summary>
internal static class WebhooksHandler
{
    // The API takes as much. A form writes a letter of an encoded path as ten bytes.
    private const int MostBytes = 16 * 1024;

    private const string List = "/sites/{site}/webhooks";
    private const string One = List + "/{name}";

    /// <summary>Shows the webhooks, and the form for a new one.</summary>
    public static async Task ListAsync(HttpContext context, string site)
    {
        if (await SiteVisit.ManageAsync(context, site) is { } visit)
        {
            await SendListAsync(visit, new FormFields(new Dictionary<string, string> { ["active"] = "1" }));
        }
    }

    /// <summary>Creates a webhook. This answer is the only one that shows its secret.</summary>
    public static async Task CreateAsync(HttpContext context, string site)
    {
        if (await SiteVisit.ManageAsync(context, site) is not { } visit)
        {
            return;
        }

        var form = await Form.ReadAsync(context, mostBytes: MostBytes);
        var fields = new FormFields(form, problem: null);
        var name = fields["name"].Trim();
        var answer = await visit.CallAsync(Put(name, fields));
        await (answer.Problem is { } problem
            ? SendListAsync(visit, new FormFields(form, problem), problem)
            : SendAsync(visit, name, problem: null, secret: answer.Read<WebhookLine>().Secret));
    }

    /// <summary>Shows a webhook and its messages.</summary>
    public static async Task ShowAsync(HttpContext context, string site, string name)
    {
        if (await SiteVisit.ManageAsync(context, site) is { } visit)
        {
            await SendAsync(visit, name, problem: null);
        }
    }

    /// <summary>Changes a webhook.</summary>
    public static async Task ChangeAsync(HttpContext context, string site, string name)
    {
        if (await SiteVisit.ManageAsync(context, site) is not { } visit)
        {
            return;
        }

        var form = await Form.ReadAsync(context, mostBytes: MostBytes);
        var answer = await visit.CallAsync(Put(name, new FormFields(form, problem: null)));
        await GoOnAsync(visit, name, answer, form);
    }

    /// <summary>Sends a test message.</summary>
    public static async Task TestAsync(HttpContext context, string site, string name)
    {
        if (await SiteVisit.ManageAsync(context, site) is { } visit)
        {
            await GoOnAsync(visit, name, await visit.CallAsync(new ApiCall(HttpMethods.Post, One + "/test", SiteVisit.Named(name))));
        }
    }

    /// <summary>Makes a new secret. This answer is the only one that shows it.</summary>
    public static async Task RotateAsync(HttpContext context, string site, string name)
    {
        if (await SiteVisit.ManageAsync(context, site) is { } visit)
        {
            var answer = await visit.CallAsync(new ApiCall(HttpMethods.Post, One + "/rotate", SiteVisit.Named(name)));
            await SendAsync(visit, name, answer.Problem, secret: answer.IsSuccess ? answer.Read<WebhookLine>().Secret : null);
        }
    }

    /// <summary>Deletes a webhook.</summary>
    public static async Task DeleteAsync(HttpContext context, string site, string name)
    {
        if (await SiteVisit.ManageAsync(context, site) is not { } visit)
        {
            return;
        }

        var answer = await visit.CallAsync(new ApiCall(HttpMethods.Delete, One, SiteVisit.Named(name)));
        if (answer.IsSuccess)
        {
            visit.GoTo(visit.Address + "/webhooks");
            return;
        }

        await SendAsync(visit, name, answer.Problem);
    }

    private static ApiCall Put(string name, FormFields fields) => new(HttpMethods.Put, One, SiteVisit.Named(name))
    {
        Version = fields["version"],
        Body = new JsonObject
        {
            ["url"] = fields.Text("url"),
            ["over"] = fields.Number("over"),
            ["under"] = fields.Number("under"),
            ["page"] = fields.Text("page"),
            ["active"] = fields["active"] == "1",
        },
    };

    private static async Task GoOnAsync(SiteVisit visit, string name, ApiAnswer answer, IFormCollection? form = null)
    {
        if (answer.Problem is { } problem)
        {
            await SendAsync(visit, name, problem, form);
            return;
        }

        visit.GoTo($"{visit.Address}/webhooks/{Uri.EscapeDataString(name)}");
    }

    private static async Task SendListAsync(SiteVisit visit, FormFields fields, ApiProblem? problem = null)
    {
        var hooks = (await visit.GetAsync(List)).Read<Part<WebhookLine>>().Items;
        await visit.SendAsync<WebhooksPage>(
            problem, new() { [nameof(WebhooksPage.Fields)] = fields, [nameof(WebhooksPage.Hooks)] = hooks });
    }

    /// <summary>Sends the page of one webhook; of one that is not there, the list with the problem.</summary>
    private static async Task SendAsync(SiteVisit visit, string name, ApiProblem? problem, IFormCollection? form = null, string? secret = null)
    {
        var found = await visit.GetAsync(One, name: name);
        if (found.Problem is { } missing)
        {
            await SendListAsync(visit, new FormFields(FormCollection.Empty, missing), missing);
            return;
        }

        var hook = found.Read<WebhookLine>();
        var deliveries = await visit.GetAsync(One + "/deliveries", name: name);
        await visit.SendAsync<WebhookPage>(problem, new()
        {
            [nameof(WebhookPage.Fields)] = form is null ? new FormFields(hook.Fields(found.Version ?? ""), problem) : new FormFields(form, problem),
            [nameof(WebhookPage.Hook)] = hook with { Secret = secret },
            [nameof(WebhookPage.Deliveries)] = deliveries.IsSuccess ? deliveries.Read<Part<DeliveryLine>>().Items : [],
        });
    }
}
