using Counter.Counting.Pages;
using Counter.Gateway.Frames;
using Counter.Gateway.Operations;
using Counter.Gateway.Play.Elsewhere;
using Counter.Gateway.Play.Pictures;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Play;

/// <summary>Answers requests for the picture of a table: an endless one, which also tells that whoever plays is there.</summary>
internal sealed class TablePictures(
    Tables tables, FarTables far, LivePictures pictures, ClientKinds clients, TableFrames tableFrames, FrameCache frames, DrawingQueue drawings,
    Feeds feeds, Admission admission, CounterMetrics metrics)
{
    /// <summary>The table as an endless picture, or as it is now where an endless answer is not wanted or not possible.</summary>
    public async Task ShowAsync(HttpContext context, string id, ImageFormat format)
    {
        if (TableLook.Read(format, context.Request.Query, out var problem) is not { } look)
        {
            await Refusal.BadParameter(problem.Parameter, problem.Allowed).SendAsync(context, frames, format);
            return;
        }

        var table = tables.Find(id);
        var picture = far.AreAt(id) ? "/board." + (format == ImageFormat.Svg ? "svg" : "png") : null;
        if (table is null && picture is null)
        {
            await SayEndedAsync(context, format);
            return;
        }

        var ticket = TicketOf(context);
        using var place = await pictures.EnterAsync(
            context,
            new PageKey("play", "/" + id),
            forAMoment => picture is null
                ? SendStillAsync(context, table!.SceneFor(ticket), look, forAMoment)
                : SendFarStillAsync(context, id, picture, format),
            () => admission.TryEnter(context, table?.Streams ?? far.Streams(id)));
        if (place is null)
        {
            return;
        }

        using var source = picture is null ? null : await far.TryOpenAsync(context, id, picture);
        if (picture is not null && source is not { IsSuccessStatusCode: true })
        {
            await (source is null ? SayNotReachedAsync(context, format) : SayEndedAsync(context, format));
            return;
        }

        var stream = pictures.Open(context, clients.Of(context.Request));
        feeds.MakeRoom(stream);
        metrics.StreamOpened();
        try
        {
            await (source is null
                ? table!.RunAsync(stream, ticket, scene => tableFrames.Get(scene, look))
                : far.RunAsync(source, id, stream, tableFrames.ContentType(look)));
        }
        finally
        {
            metrics.StreamClosed();
        }
    }

    /// <summary>The same for another gateway, of a table that is here. Whoever looks there is looked after there.</summary>
    public async Task ShowGatewayAsync(HttpContext context, string id, ImageFormat format)
    {
        if (tables.Find(id) is not { } table || TableLook.Read(format, context.Request.Query, out _) is not { } look)
        {
            await SayEndedAsync(context, format);
            return;
        }

        var ticket = TicketOf(context);
        if (context.Request.Query["live"].LastOrDefault() == "0")
        {
            await SendStillAsync(context, table.SceneFor(ticket), look);
            return;
        }

        await table.RunAsync(pictures.OpenForGateway(context), ticket, scene => tableFrames.Get(scene, look));
    }

    /// <summary>A still of no table.</summary>
    public Task ShowSampleAsync(HttpContext context) =>
        LivePictures.SendStillAsync(context, tableFrames.Get(TableFrames.Sample, new TableLook(ImageFormat.Svg, Theme.Auto, 1)));

    private static string? TicketOf(HttpContext context) => TableName.TicketOf(context.Request.Query["seat"].LastOrDefault());

    private Task SayEndedAsync(HttpContext context, ImageFormat format) =>
        Refusal.NotHere("This table has ended. Begin another at /play.").SendAsync(context, frames, format);

    private Task SayNotReachedAsync(HttpContext context, ImageFormat format) =>
        Refusal.Of(StatusCodes.Status503ServiceUnavailable, Playing.NotReached).SendAsync(context, frames, format);

    private async Task SendStillAsync(HttpContext context, Scene scene, TableLook look, bool forAMoment = false)
    {
        if ((tableFrames.Find(scene, look) ?? await drawings.DrawAsync(context, () => tableFrames.Get(scene, look))) is { } frame)
        {
            await LivePictures.SendStillAsync(context, frame, forAMoment);
        }
    }

    private async Task SendFarStillAsync(HttpContext context, string id, string picture, ImageFormat format)
    {
        // There nobody can tell who must not get an endless picture.
        context.Request.QueryString = context.Request.QueryString.Add("live", "0");
        if (!await far.TryPassOnAsync(context, id, picture))
        {
            await SayNotReachedAsync(context, format);
        }
    }
}
