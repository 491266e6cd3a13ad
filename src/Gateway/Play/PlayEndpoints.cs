using Counter.Gateway.Frames;
using Counter.Gateway.Http;
using Counter.Gateway.Play.Pictures;
using Counter.Gateway.Streaming;
using Counter.Grains.Hosting;

namespace Counter.Gateway.Play;

/// <summary>The game at <c>/play</c>: one picture, one stream, no script.</summary>
internal static class PlayEndpoints
{
    /// <summary>Adds the tables, and who answers for them.</summary>
    public static void AddPlay(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<PlayOptions>(builder.Configuration, "Play");
        builder.Services.AddSingleton<Tables>();
        builder.Services.AddSingleton<IStreamSource>(services => services.GetRequiredService<Tables>());
        builder.Services.AddSingleton<TableFrames>();
        builder.Services.AddSingleton<TablePictures>();
        builder.Services.AddScoped<PlayAnswers>();
    }

    /// <summary>Maps the game.</summary>
    public static void MapPlay(this IEndpointRouteBuilder app)
    {
        var play = app.MapGroup("/play");
        play.MapMethods("", Verbs.Read, (HttpContext context, PlayAnswers answers) => answers.ShowLobbyAsync(context));
        play.MapPost("", (HttpContext context, PlayAnswers answers) => answers.BeginAsync(context));
        play.MapMethods("/sample.svg", Verbs.Read, (HttpContext context, TablePictures pictures) => pictures.ShowSampleAsync(context));
        play.MapMethods("/{id}", Verbs.Read, (HttpContext context, string id, PlayAnswers answers) => answers.ShowTableAsync(context, id));
        play.MapPost("/{id}", (HttpContext context, string id, PlayAnswers answers) => answers.ClickAsync(context, id));
        play.MapMethods("/{id}/board.png", Verbs.Read, (HttpContext context, string id, TablePictures pictures) => pictures.ShowAsync(context, id, ImageFormat.Png));
        play.MapMethods("/{id}/board.svg", Verbs.Read, (HttpContext context, string id, TablePictures pictures) => pictures.ShowAsync(context, id, ImageFormat.Svg));
    }
}
