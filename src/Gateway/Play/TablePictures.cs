using Counter.Counting.Pages;
using Counter.Gateway.Frames;
using Counter.Gateway.Operations;
using Counter.Gateway.Play.Pictures;
using Counter.Gateway.Play.Rules;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Play;

/// <summary>Answers requests for the picture of a table: an endless one, which also tells that whoever plays is there.</summary>
internal sealed class TablePictures(
    Tables tables, LivePictures pictures, TableFrames drawings, FrameCache frames, Admission admission, TimeProvider clock, CounterMetrics metrics)
{
    /// <summary>What those who come to the lobby see.</summary>
    private static readonly Scene Sample = new(
        new[] { 4, 0, 2, 6, 3, 5, 7 }.Aggregate(default(Board), (board, square) => board.Play(square) ?? board),
        7, "O’s turn", false, "You watch.", "", "3 watching");

    /// <summary>The table as an endless picture, or as it is now where an endless answer is not wanted or not possible.</summary>
    public async Task ShowAsync(HttpContext context, string id, ImageFormat format)
    {
        if (TableLook.Read(format, context.Request.Query, out var problem) is not { } look)
        {
            await Refusal.BadParameter(problem.Parameter, problem.Allowed).SendAsync(context, frames, format);
            return;
        }

        if (tables.Find(id) is not { } table)
        {
            await Refusal.NotHere("This table has ended. Begin another at /play.").SendAsync(context, frames, format);
            return;
        }

        var ticket = TableName.TicketOf(context.Request.Query["seat"].LastOrDefault());
        using var place = await pictures.EnterAsync(
            context,
            new PageKey("play", "/" + id),
            forAMoment => LivePictures.SendStillAsync(context, drawings.Get(table.SceneFor(ticket), look), forAMoment),
            () => admission.TryEnter(context, table.Streams));
        if (place is not null)
        {
            ResponseHeaders.ForStream(context.Response, Multipart.ContentType);
            await table.RunAsync(
                new ImageStream(context, Client.ProfileOf(context.Request), clock, metrics), ticket, scene => drawings.Get(scene, look));
        }
    }

    /// <summary>A still of no table.</summary>
    public Task ShowSampleAsync(HttpContext context) =>
        LivePictures.SendStillAsync(context, drawings.Get(Sample, new TableLook(ImageFormat.Svg, Theme.Auto, 1)));
}
