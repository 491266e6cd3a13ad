using Counter.Gateway.Frames;
using Counter.Gateway.Http;
using Counter.Gateway.Play.Pictures;
using Counter.Gateway.Streaming;
using Counter.Grains.Hosting;

namespace Counter.Gateway.Play;

/// <summary>The game at <c>/play</c>: one picture, one stream, no script.</summary>
internal static class PlayEndpoints
{
    /// <summary>Adds the services of the game.</summary>
    public static void AddPlay(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<PlayOptions>(builder.Configuration, "Play");
        builder.Services.AddSingleton<LocalTables>();
        builder.Services.AddSingleton<IStreamSource>(services => services.GetRequiredService<LocalTables>());
        builder.Services.AddSingleton<TableFrames>();
        builder.Services.AddSingleton<TableImages>();
        builder.Services.AddScoped<PlayHandler>();
    }

    /// <summary>Maps the endpoints of the game.</summary>
    public static void MapPlay(this IEndpointRouteBuilder app)
    {
        var play = app.MapGroup("/play");
        play.MapMethods("", HttpVerbs.Read, (HttpContext context, PlayHandler answers) => answers.ShowLobbyAsync(context));
        play.MapPost("", (HttpContext context, PlayHandler answers) => answers.BeginAsync(context));
        play.MapMethods("/sample.svg", HttpVerbs.Read, (HttpContext context, TableImages pictures) => pictures.ShowSampleAsync(context));
        play.MapMethods("/{id}", HttpVerbs.Read, (HttpContext context, string id, PlayHandler answers) => answers.ShowTableAsync(context, id));
        play.MapPost("/{id}", (HttpContext context, string id, PlayHandler answers) => answers.ClickAsync(context, id));
        play.MapMethods("/{id}/board.png", HttpVerbs.Read, (HttpContext context, string id, TableImages pictures) => pictures.ShowAsync(context, id, ImageFormat.Png));
        play.MapMethods("/{id}/board.svg", HttpVerbs.Read, (HttpContext context, string id, TableImages pictures) => pictures.ShowAsync(context, id, ImageFormat.Svg));
    }
}
