using System.Net.Mime;
using Counter.Gateway.Polls.Pictures;
using Microsoft.OpenApi;

namespace Counter.Gateway.Polls;

/// <summary>Describes the pictures, pages and votes of polls in <c>/openapi/v1.json</c>. None of them needs a key.</summary>
internal static class PollDescription
{
    private const string Tag = "Reactions and polls";

    private static readonly Dictionary<string, string> Parameters = new()
    {
        ["site"] = "The site, a host name. Required without a Referer.",
        ["page"] = "The page, a path. By default that of the Referer.",
        ["options"] = "The answers, separated by commas, or by | if one contains a comma.",
        ["question"] = "The question.",
        ["closes"] = "When voting ends: 2026-12-31 or 2026-12-31T18:00Z.",
        ["results"] = "Who sees the votes: always, or after (those who voted, and everybody once it is closed).",
        ["theme"] = "light or dark; for SVG also auto.",
        ["color"] = "The colour of answers with votes.",
        ["background"] = "The background colour.",
        ["size"] = "The size of the text in CSS pixels, 10 to 32.",
        ["scale"] = "Image pixels for each CSS pixel, 1 to 4.",
        ["width"] = $"The width of bars in CSS pixels, {PollStyle.LeastWidth} to {PollStyle.MostWidth}.",
        ["locale"] = "The BCP 47 tag of the locale of the numbers.",
    };

    private static readonly string[] Problem = [MediaTypeNames.Application.ProblemJson];
    private static readonly string[] ProblemOrPage = [.. Problem, MediaTypeNames.Text.Html];

    private static readonly Dictionary<string, string> OfPictures = new()
    {
        ["watch"] = "1: the picture does not count a viewer of the page.",
        ["live"] = "0: one still picture.",
    };

    /// <summary>Describes a picture.</summary>
    public static void DescribePicture(this RouteHandlerBuilder route, PollForm form, string contentType) => route.Describe(
        $"The live picture of a {NameOf(form)}: an endless answer, with a new frame for every change.",
        operation =>
        {
            Add(operation, OfPictures);
            operation.Responses = Answers(
                ("200", "The picture. A live one has a part for each frame.", ["multipart/x-mixed-replace", contentType]),
                ("400", "A parameter is invalid. Clients that request a picture get the reason as a picture.", [.. Problem, contentType]),
                ("403", "The page is unknown, or its site is not counted.", [.. Problem, contentType]),
                ("404", "There is no such poll on this page, and only registered polls are allowed.", [.. Problem, contentType]));
        });

    /// <summary>Describes a page with buttons.</summary>
    public static void DescribePage(this RouteHandlerBuilder route, PollForm form, bool frame) => route.Describe(
        $"A page with the picture of a {NameOf(form)} and its buttons{(frame ? ", for a frame" : "")}. Opening it changes nothing.",
        operation => operation.Responses = Answers(
            ("200", "The page.", [MediaTypeNames.Text.Html]),
            ("400", "A parameter is invalid.", Problem),
            ("403", "The page is unknown, or its site is not counted.", Problem),
            ("404", "There is no such poll on this page, and only registered polls are allowed.", Problem)));

    /// <summary>Describes a vote.</summary>
    public static void DescribeVote(this RouteHandlerBuilder route, PollForm form) => route.Describe(
        $"Votes in a {NameOf(form)}: counts an answer, takes it back when it was the visitor's, or moves the visitor's vote to it.",
        operation =>
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType> { [MediaTypeNames.Application.FormUrlEncoded] = new() { Schema = Form() } },
            };
            operation.Responses = Answers(
                ("204", "The vote is stored.", []),
                ("400", "The poll has no such answer, or a parameter is invalid.", ProblemOrPage),
                ("403", "The form has expired or comes from elsewhere, voters cannot be distinguished, the page is unknown, or its site is not counted.", ProblemOrPage),
                ("404", "There is no such poll on this page, and only registered polls are allowed.", ProblemOrPage),
                ("409", "The poll is closed.", ProblemOrPage),
                ("413", "The form is larger than a vote can be.", ProblemOrPage),
                ("415", "The body is not a form, or not in UTF-8.", ProblemOrPage),
                ("429", "There are too many votes, voters or new polls from this address.", ProblemOrPage),
                ("503", "There is no room for another poll on this site, or for another voter today.", ProblemOrPage));
        });

    private static string NameOf(PollForm form) => form == PollForm.Row ? "row of reactions" : "poll";

    private static void Describe(this RouteHandlerBuilder route, string summary, Action<OpenApiOperation> describe) => route
        .WithTags(Tag)
        .WithSummary(summary)
        .AddOpenApiOperationTransformer((operation, _, _) =>
        {
            Add(operation, Parameters);
            describe(operation);
            return Task.CompletedTask;
        });

    private static void Add(OpenApiOperation operation, Dictionary<string, string> parameters)
    {
        operation.Parameters ??= [];
        foreach (var (name, description) in parameters)
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = name,
                In = ParameterLocation.Query,
                Description = description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }
    }

    private static OpenApiResponses Answers(params (string Status, string Description, string[] Types)[] answers)
    {
        var responses = new OpenApiResponses();
        foreach (var (status, description, types) in answers)
        {
            responses[status] = new OpenApiResponse
            {
                Description = description,
                Content = types.ToDictionary(type => type, _ => new OpenApiMediaType()),
            };
        }

        return responses;
    }

    private static OpenApiSchema Form() => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { "answer" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["answer"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The text of the answer." },
            ["token"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = "The token from the form of the page with the buttons. A form on a page of the poll's own site needs none.",
            },
        },
    };
}
