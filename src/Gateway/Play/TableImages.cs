using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Counting.Play;
using Counter.Gateway.Frames;
using Counter.Gateway.Operations;
using Counter.Gateway.Play.Pictures;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Play;

/// <summary>Answers requests for the picture of a table. The open picture of a player also marks the player as present.</summary>
internal sealed class TableImages(
    LocalTables tables, LiveImageHandler pictures, ClientClassifier clients, TableFrames tableFrames, FrameCache frames, DrawingQueue drawings,
    Feeds feeds, Admission admission, CounterMetrics metrics)
{
    /// <summary>Sends the table as an endless picture, or as a still one where an endless answer is not wanted or not possible.</summary>
    public async Task ShowAsync(HttpContext context, string id, ImageFormat format)
    {
        if (TableStyle.Read(format, context.Request.Query, out var problem) is not { } style)
        {
            await Refusal.BadParameter(problem.Parameter, problem.Allowed).SendAsync(context, frames, format);
            return;
        }

        TableState? table;
        try
        {
            table = await tables.FindAsync(id, context.RequestAborted);
        }
        catch (ClusterUnavailableException)
        {
            await Refusal.Of(StatusCodes.Status503ServiceUnavailable, PlayHandler.NotReached).SendAsync(context, frames, format);
            return;
        }

        if (table is null)
        {
            await Refusal.NotHere("This table has ended. Begin another at /play.").SendAsync(context, frames, format);
            return;
        }

        var ticket = TableName.TicketOf(context.Request.Query["seat"].LastOrDefault());
        using var place = await pictures.EnterAsync(
            context,
            new PageKey("play", "/" + id),
            forAMoment => SendStillAsync(context, Scene.Of(table, ticket), style, forAMoment),
            () => admission.TryEnter(context, tables.Streams(id)));
        if (place is null)
        {
            return;
        }

        var stream = pictures.Open(context, clients.Of(context.Request));
        feeds.MakeRoom(stream);
        metrics.StreamOpened();
        try
        {
            await tables.RunAsync(id, table, stream, ticket, scene => tableFrames.Get(scene, style));
        }
        finally
        {
            metrics.StreamClosed();
        }
    }

    /// <summary>Sends the sample picture.</summary>
    public Task ShowSampleAsync(HttpContext context) =>
        LiveImageHandler.SendStillAsync(context, tableFrames.Get(TableFrames.Sample, new TableStyle(ImageFormat.Svg, Theme.Auto, 1)));

    private async Task SendStillAsync(HttpContext context, Scene scene, TableStyle style, bool forAMoment)
    {
        if ((tableFrames.Find(scene, style) ?? await drawings.DrawAsync(context, () => tableFrames.Get(scene, style))) is { } frame)
        {
            await LiveImageHandler.SendStillAsync(context, frame, forAMoment);
        }
    }
}
