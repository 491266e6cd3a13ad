using Counter.Gateway.Html;
using Counter.Gateway.Http;
using Counter.Gateway.Sessions;

namespace Counter.Gateway.SitePages;

/// <summary>The setup of the pages of sites. They are forms and links; what they show and change is the admin API's.</summary>
internal static class SitePagesSetup
{
    public static readonly Asset Style = Asset.Style("site-pages.css");

    public static readonly PagePolicy Policy = SessionPages.Policy(Style);

    /// <summary>Adds what the readers of the pages share.</summary>
    public static void AddSitePages(this IServiceCollection services)
    {
        services.AddSingleton<PublicAnswers>();
        services.AddSingleton<SitePolls>();
    }

    /// <summary>Maps <c>/sites/{site}</c> and the pages below it.</summary>
    public static void MapSitePages(this IEndpointRouteBuilder app)
    {
        var site = app.MapGroup("/sites/{site}").RequireAuthorization(SessionCookie.Anybody).WithMetadata(new RequestLimit.Limited());
        app.MapMethods("/sites", HttpVerbs.Read, SitesHandler.ShowAsync).RequireAuthorization(SessionCookie.Anybody).WithMetadata(new RequestLimit.Limited());
        var forms = site.MapGroup("").AddEndpointFilter(SameOrigin.FilterAsync);
        site.MapMethods("", HttpVerbs.Read, OverviewHandler.ShowAsync);
        site.MapMethods("/history.csv", HttpVerbs.Read, OverviewHandler.SendHistoryAsync);

        site.MapMethods("/settings", HttpVerbs.Read, SettingsHandler.ShowAsync);
        forms.MapPost("/settings", SettingsHandler.ChangeAsync);

        site.MapMethods("/keys", HttpVerbs.Read, KeysHandler.ShowAsync);
        forms.MapPost("/keys", KeysHandler.MakeAsync);
        forms.MapPost("/keys/{id}/revoke", KeysHandler.RevokeAsync);

        site.MapMethods("/webhooks", HttpVerbs.Read, WebhooksHandler.ListAsync);
        forms.MapPost("/webhooks", WebhooksHandler.CreateAsync);
        site.MapMethods("/webhooks/{name}", HttpVerbs.Read, WebhooksHandler.ShowAsync);
        forms.MapPost("/webhooks/{name}", WebhooksHandler.ChangeAsync);
        forms.MapPost("/webhooks/{name}/test", WebhooksHandler.TestAsync);
        forms.MapPost("/webhooks/{name}/rotate", WebhooksHandler.RotateAsync);
        forms.MapPost("/webhooks/{name}/delete", WebhooksHandler.DeleteAsync);
    }
}
