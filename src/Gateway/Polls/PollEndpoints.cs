using System.Net.Mime;
using Counter.Counting.Documents;
using Counter.Counting.Polls;
using Counter.Gateway.Documents;
using Counter.Gateway.Frames;
using Counter.Gateway.Html;
using Counter.Gateway.Http;
using Counter.Gateway.Polls.Admin;
using Counter.Gateway.Polls.Pages;
using Counter.Gateway.Polls.Pictures;
using Counter.Gateway.Polls.Votes;
using Counter.Gateway.Streaming;
using Counter.Gateway.Visitors;

namespace Counter.Gateway.Polls;

/// <summary>The endpoints of polls: live pictures, pages with buttons, and votes.</summary>
internal static class PollEndpoints
{
    private static readonly (string Extension, string ContentType, ImageFormat Format)[] Formats =
        [("png", MediaTypeNames.Image.Png, ImageFormat.Png), ("svg", MediaTypeNames.Image.Svg, ImageFormat.Svg)];

    /// <summary>Adds the services of polls.</summary>
    public static void AddPolls(this IServiceCollection services)
    {
        services.AddBook<Poll>(DocumentKind.Poll);
        services.AddSingleton<VoterIdentity>();
        services.AddSingleton<VoteToken>();
        services.AddSingleton<VoteClient>();
        services.AddSingleton<PollRequests>();
        services.AddSingleton<PollFrames>();
        services.AddSingleton<PollBroadcasts>();
        services.AddSingleton<IStreamSource>(provider => provider.GetRequiredService<PollBroadcasts>());
        services.AddSingleton<PollImages>();
        services.AddScoped<VoteHandler>();
        services.AddSingleton<PollAdministration>();
    }

    /// <summary>Maps the endpoints of polls.</summary>
    public static void MapPolls(this IEndpointRouteBuilder app)
    {
        foreach (var form in Enum.GetValues<PollForm>())
        {
            var path = VotePage.PathOf(form) + "{name}";
            foreach (var (extension, contentType, format) in Formats)
            {
                app.MapMethods(path + "." + extension, HttpVerbs.Read, (HttpContext context, string name, PollImages images) =>
                    images.ServeAsync(context, name, form, format)).DescribePicture(form, contentType);
            }

            app.MapMethods(path, HttpVerbs.Read, (HttpContext context, string name) => ShowAsync(context, name, form, frame: false))
                .DescribePage(form, frame: false);
            app.MapMethods("/embed" + path, HttpVerbs.Read, (HttpContext context, string name) => ShowAsync(context, name, form, frame: true))
                .DescribePage(form, frame: true);
            app.MapPost(path, (HttpContext context, string name, VoteHandler answers) => answers.SendAsync(context, name, form))
                .DescribeVote(form);
        }

        app.MapMethods("/polls", HttpVerbs.Read, (HttpContext context, PageRenderer pages) =>
            pages.SendAsync<PollBuilderPage>(context, PollPages.Builder, new() { [nameof(PollBuilderPage.Made)] = new PollBuilder(context.Request) }));
        app.MapMethods(VotePage.Empty, HttpVerbs.Read, (HttpContext context, PageRenderer pages) =>
            pages.SendAsync<VoteNotice>(context, PollPages.Notice, new() { [nameof(VoteNotice.Sentence)] = "" }));
    }

    private static async Task ShowAsync(HttpContext context, string name, PollForm form, bool frame)
    {
        var services = context.RequestServices;
        if (!services.GetRequiredService<PollRequests>().TryRead(context.Request, name, form, ImageFormat.Svg, out var poll, out var refusal))
        {
            await refusal.SendAsync(context, services.GetRequiredService<FrameCache>(), format: null);
            return;
        }

        // The picture counts no viewer and sets no cookie. The form is for the visitor without the cookie, because browsers may refuse it.
        services.GetRequiredService<VisitorIdentity>().GiveCookie(context, poll.Page.Site);
        var voter = services.GetRequiredService<VoterIdentity>().Describe(context, poll.Page.Site);
        var token = services.GetRequiredService<VoteToken>().Issue(poll.Id, voter);
        var page = new VotePage(context.Request, poll, token, services.GetRequiredService<TimeProvider>().GetUtcNow(), frame)
        {
            Chosen = await services.GetRequiredService<VoteClient>().FindChoiceAsync(poll, voter, context.RequestAborted),
        };
        var pages = services.GetRequiredService<PageRenderer>();

        // The answer depends on the Referer. Across sites a browser sends no more than the origin with a frame.
        context.Response.Headers.Vary = "Referer, User-Agent";
        await (frame
            ? pages.SendAsync<VoteFrame>(context, PollPages.Frame, new() { [nameof(VoteFrame.Page)] = page })
            : pages.SendAsync<VotePanel>(context, PollPages.Here, new() { [nameof(VotePanel.Page)] = page }));
    }
}
