using Counter.Gateway.Frames.Shapes;

namespace Counter.Gateway.Frames.Charts;

/// <summary>What a chart shows, whatever it is about: numbers over time. Nothing here is changed after it is made.</summary>
/// <param name="Title">Stands after the current value, or before the legend: any text.</param>
/// <param name="From">The beginning of the time axis.</param>
/// <param name="To">Its end; at least a second after its beginning, or it is moved there.</param>
/// <param name="Series">What is drawn, the most important first. None, or none with a value, is "no data yet".</param>
internal sealed record Chart(string Title, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<ChartSeries> Series)
{
    /// <summary>Writes a value with its unit.</summary>
    public Func<double, string> Write { get; init; } = ChartUnits.Whole;

    /// <summary>What the time axis covers, in words, on the right of the title; with several series the legend is there.</summary>
    public string Caption { get; init; } = "";

    /// <summary>Lays the series on top of each other, the first one lowest. They must have the same times.</summary>
    public bool Stacked { get; init; }

    /// <summary>The value at the top of the chart, such as 100 for per cent; null fits it to the values.</summary>
    public double? Maximum { get; init; }

    /// <summary>The least distance between two gridlines: 1 for what comes in wholes.</summary>
    public double LeastStep { get; init; } = 1;

    /// <summary>False for the honest last picture of a stream: muted, with <c>~</c> before the current value.</summary>
    public bool Live { get; init; } = true;
}

/// <summary>One line, or one layer of a stack.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Role">Its colour.</param>
/// <param name="Points">Its values, oldest first; one that is older than the one before it is left out.</param>
internal sealed record ChartSeries(string Name, ColorRole Role, IReadOnlyList<ChartPoint> Points)
{
    /// <summary>The newest value; null when there is none, or it is a gap.</summary>
    public double? Current => Points.Count > 0 ? Points[^1].Shown : null;
}

/// <summary>A value at a time.</summary>
/// <param name="Time">The time.</param>
/// <param name="Value">The value, 0 or more; null, or what is no number, is a gap.</param>
internal readonly record struct ChartPoint(DateTimeOffset Time, double? Value)
{
    /// <summary>More than anything that is counted; beyond it numbers are no longer exact.</summary>
    public const double Most = 1e15;

    /// <summary>The value as it can be drawn, from 0 to <see cref="Most"/>; null for a gap.</summary>
    public double? Shown => Value is { } value && double.IsFinite(value) ? Math.Clamp(value, 0, Most) : null;
}
