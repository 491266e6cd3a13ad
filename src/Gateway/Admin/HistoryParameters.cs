using System.Globalization;
using System.Text;
using Counter.Counting.Cluster;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Gateway.Http;
using Microsoft.AspNetCore.Mvc;

namespace Counter.Gateway.Admin;

/// <summary>The history of a page or a site.</summary>
/// <param name="Step">The width of a point: minute, hour or day.</param>
/// <param name="Points">One point for every step, oldest first, zeros included.</param>
internal sealed record HistoryPart(string Step, IReadOnlyList<HistoryPoint> Points);

/// <summary>The query parameters of a history.</summary>
internal sealed class HistoryParameters
{
    /// <summary><c>minute</c> (kept for 24 hours), <c>hour</c> (30 days, the default) or <c>day</c> (2 years).</summary>
    [FromQuery]
    public string? Step { get; init; }

    /// <summary>The start, such as 2026-03-01T12:00:00Z; by default as far back as points are kept.</summary>
    [FromQuery]
    public string? From { get; init; }

    /// <summary>The end, exclusive; by default now.</summary>
    [FromQuery]
    public string? To { get; init; }

    /// <summary><c>json</c> (the default) or <c>csv</c>.</summary>
    [FromQuery]
    public string? Format { get; init; }

    /// <summary>Reads the history and answers with it.</summary>
    public async Task<IResult> AnswerAsync(CountKey key, ICluster cluster, TimeProvider clock, HttpContext context)
    {
        var errors = new Dictionary<string, string[]>();
        var step = string.IsNullOrEmpty(Step) ? HistoryStep.Hour : HistorySteps.Parse(Step);
        if (step is null)
        {
            errors["step"] = ["minute, hour or day."];
        }

        var now = clock.GetUtcNow();
        var from = Read(From, now - (step ?? HistoryStep.Hour).Keep(), "from", errors);
        var to = Read(To, now, "to", errors);
        if (Format is not (null or "" or "json" or "csv"))
        {
            errors["format"] = ["json or csv."];
        }

        if (errors.Count == 0 && from >= to)
        {
            errors["from"] = ["A time before that of to."];
        }

        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        var points = await cluster.GetHistoryAsync(key, step!.Value, from, to, context.RequestAborted);
        return Format == "csv" ? Results.Text(Csv(points), "text/csv; charset=utf-8; header=present")
            : Results.Ok(new HistoryPart(step.Value.ToString().ToLowerInvariant(), points));
    }

    private static DateTimeOffset Read(string? text, DateTimeOffset absent, string name, Dictionary<string, string[]> errors)
    {
        if (string.IsNullOrEmpty(text))
        {
            return absent;
        }

        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            errors[name] = ["A time such as 2026-03-01T12:00:00Z."];
        }

        return time;
    }

    private static string Csv(IReadOnlyList<HistoryPoint> points)
    {
        var csv = new StringBuilder("start,peak,mean,arrivals\r\n");
        foreach (var point in points)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{point.Start:yyyy-MM-ddTHH:mm:ssZ},{point.Peak},{point.Mean:0.###},{point.Arrivals}\r\n");
        }

        return csv.ToString();
    }
}
