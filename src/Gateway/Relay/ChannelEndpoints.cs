using System.Security.Claims;
using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Counting.Relay;
using Counter.Gateway.Admin;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Documents;
using Counter.Gateway.Frames;
using Counter.Gateway.Http;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Relay;

/// <summary>A channel and its settings.</summary>
/// <param name="Channel">The name of the channel.</param>
/// <param name="Registered">Whether the channel has settings. Otherwise <paramref name="Settings"/> has the defaults.</param>
/// <param name="Status">The status at this gateway; null when it has had neither publishers nor watchers here.</param>
/// <param name="Settings">The settings. Their version is the ETag of the answer.</param>
internal sealed record ChannelAnswer(string Channel, bool Registered, ChannelStatus? Status, ChannelSettings Settings);

/// <summary>The admin API for relay channels. The operator may change them; keys that publish may read them.</summary>
internal static class ChannelEndpoints
{
    /// <summary>Maps <c>/channels</c>.</summary>
    public static void MapChannels(this IEndpointRouteBuilder api)
    {
        var channels = api.MapGroup("/channels").WithTags("Relay");
        channels.MapMethods("", HttpVerbs.Read, List).RequireAuthorization(AccessPolicies.Operator)
            .WithSummary("The relay channels that have settings, or a picture or watchers at this gateway.")
            .Produces<Part<ChannelAnswer>>();
        channels.MapMethods("/{channel}", HttpVerbs.Read, GetAsync).RequireAuthorization(AccessPolicies.Publish)
            .WithSummary("A channel: whether it is published to, how many watch it, and its settings.")
            .Produces<ChannelAnswer>().ProducesProblem(StatusCodes.Status404NotFound);
        channels.MapPut("/{channel}", PutAsync).RequireAuthorization(AccessPolicies.Operator)
            .WithSummary("Creates or changes a channel's settings. A change needs If-Match with the ETag that was read.")
            .Produces<ChannelAnswer>().Produces<ChannelAnswer>(StatusCodes.Status201Created).ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status428PreconditionRequired);
        channels.MapDelete("/{channel}", DeleteAsync).RequireAuthorization(AccessPolicies.Operator)
            .WithSummary("Deletes a channel: its settings, keys and last picture. Ends its publisher and its watchers.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static IResult List(DocumentCache<ChannelSettings> documents, RelayChannels channels) => Results.Ok(new Part<ChannelAnswer>(
        [
            .. documents.Entries.Keys.Union(channels.All.Select(c => c.Name)).Order(StringComparer.Ordinal)
                .Select(name => Describe(name, documents.Entries.GetValueOrDefault(name)?.Value, channels)),
        ],
        Next: null));

    private static ChannelAnswer Describe(string name, ChannelSettings? settings, RelayChannels channels) =>
        new(name, settings is not null, channels.Status(name), settings ?? ChannelSettings.Default);

    private static async Task<IResult> GetAsync(string channel, ICluster cluster, RelayChannels channels, HttpContext context)
    {
        var stored = await cluster.Documents.FindAsync<ChannelSettings>(DocumentKind.Channel, channel, context.RequestAborted);
        if (stored is null && channels.Status(channel) is null)
        {
            return NotThere(channel);
        }

        Preconditions.Tag(context, stored?.Version ?? 0);
        return Results.Ok(Describe(channel, stored?.Value, channels));
    }

    private static async Task<IResult> PutAsync(
        string channel, ChannelSettings settings, ICluster cluster, DocumentCache<ChannelSettings> documents, RelayChannels channels,
        IOptions<RelayOptions> options, AuditLog audit, HttpContext context, ClaimsPrincipal user)
    {
        if (Check(channel, settings, options.Value) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        var before = await cluster.Documents.FindAsync(DocumentKind.Channel, channel, context.RequestAborted);
        var version = before?.Version ?? 0;
        if (Preconditions.Refuse(context.Request, version) is { } refusal)
        {
            return refusal;
        }

        var change = StoredDocuments.Put(DocumentKind.Channel, channel, settings, version);
        var what = version == 0 ? "channel.create" : "channel.change";
        var subject = new AuditSubject(channel, before?.TryRead<ChannelSettings>(), settings);
        if (await audit.TryChangeAsync(KeyAuthentication.Holder(user), what, subject, [change], context.RequestAborted) is not { } stored)
        {
            return Preconditions.Changed();
        }

        await documents.RefreshAsync(context.RequestAborted);
        Preconditions.Tag(context, stored);
        var answer = Describe(channel, settings, channels);
        return version == 0 ? Results.Created("/api/v1/channels/" + channel, answer) : Results.Ok(answer);
    }

    private static Dictionary<string, string[]> Check(string channel, ChannelSettings settings, RelayOptions options)
    {
        var errors = new Dictionary<string, string[]>();
        if (!ChannelName.IsValid(channel))
        {
            errors["channel"] = [ChannelName.Allowed];
        }

        if (settings.MaxFrameBytes is < 1 || settings.MaxFrameBytes > options.MaxFrameBytes)
        {
            errors["maxFrameBytes"] = [$"1 to {options.MaxFrameBytes} (Relay:MaxFrameBytes), or null for that."];
        }

        if (settings.MaxFramesPerSecond is < 1 || settings.MaxFramesPerSecond > options.MaxFramesPerSecond)
        {
            errors["maxFramesPerSecond"] = [$"1 to {options.MaxFramesPerSecond} (Relay:MaxFramesPerSecond), or null for that."];
        }

        if (settings.Notice is not { Length: <= ChannelSettings.LongestNotice } notice || !CleanText.Is(notice))
        {
            errors["notice"] = [$"At most {ChannelSettings.LongestNotice} characters without control characters; empty for no notice."];
        }

        if (settings.NoticeAfterSeconds is < 0 or > ChannelSettings.MostSeconds)
        {
            errors["noticeAfterSeconds"] = [$"0 to {ChannelSettings.MostSeconds}."];
        }

        return errors;
    }

    private static async Task<IResult> DeleteAsync(
        string channel, ICluster cluster, DocumentCache<ChannelSettings> documents, RelayChannels channels, KeyStore keys, AuditLog audit,
        ClaimsPrincipal user, CancellationToken aborted)
    {
        var stored = await cluster.Documents.FindAsync(DocumentKind.Channel, channel, aborted);
        if (stored is null && channels.Status(channel) is null)
        {
            return NotThere(channel);
        }

        DocumentChange[] changes =
        [
            new(DocumentKind.Channel, channel, Json: null),
            .. (await keys.ListAsync(aborted)).Where(k => k.Record.Role == KeyRole.Publish && k.Record.Scope == channel)
                .Select(k => new DocumentChange(DocumentKind.Key, k.Id, Json: null)),
        ];
        var subject = new AuditSubject(channel, Before: stored?.TryRead<ChannelSettings>());
        await audit.TryChangeAsync(KeyAuthentication.Holder(user), "channel.delete", subject, changes, aborted);
        await documents.RefreshAsync(aborted);

        // After the keys: otherwise the holder of one could publish again.
        await cluster.Relay.RemoveAsync(channel, aborted);
        channels.Remove(channel);
        return Results.NoContent();
    }

    private static IResult NotThere(string channel) => Problems.NotFound(
        ChannelName.IsValid(channel) ? $"There is no channel {channel}." : ChannelName.Allowed);
}
