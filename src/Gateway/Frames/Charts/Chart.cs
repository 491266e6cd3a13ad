using Counter.Gateway.Frames.Shapes;

namespace Counter.Gateway.Frames.Charts;

/// <summary>A chart of numbers over time. Immutable.</summary>
/// <param name="Title">The text after the current value, or before the legend: any text.</param>
/// <param name="From">The beginning of the time axis.</param>
/// <param name="To">Its end. An end less than a second after the beginning is moved to a second after it.</param>
/// <param name="Series">The series, the most important first. With none, or none with a value, the chart says "no data yet".</param>
internal sealed record Chart(string Title, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<ChartSeries> Series)
{
    /// <summary>Formats a value with its unit.</summary>
    public Func<double, string> Write { get; init; } = ChartUnits.Whole;

    /// <summary>The period of the time axis in words, to the right of the title. A chart with several series has its legend there.</summary>
    public string Caption { get; init; } = "";

    /// <summary>Whether the series are stacked, the first one lowest. They must have the same times.</summary>
    public bool Stacked { get; init; }

    /// <summary>The value at the top of the chart, such as 100 for per cent; null fits it to the values.</summary>
    public double? Maximum { get; init; }

    /// <summary>The least distance between two gridlines; 1 for whole numbers.</summary>
    public double LeastStep { get; init; } = 1;

    /// <summary>False for the last picture of a stream: it is muted, with <c>~</c> before the current value.</summary>
    public bool Live { get; init; } = true;
}

/// <summary>One line, or one layer of a stack.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Role">Its colour.</param>
/// <param name="Points">Its values, oldest first. A point that is older than the one before it is left out.</param>
internal sealed record ChartSeries(string Name, ColorRole Role, IReadOnlyList<ChartPoint> Points)
{
    /// <summary>The newest value; null when there is none, or when it is a gap.</summary>
    public double? Current => Points.Count > 0 ? Points[^1].Shown : null;
}

/// <summary>A value at a time.</summary>
/// <param name="Time">The time.</param>
/// <param name="Value">The value, 0 or more. Null, or a number that is not finite, is a gap.</param>
internal readonly record struct ChartPoint(DateTimeOffset Time, double? Value)
{
    /// <summary>More than any count. Larger numbers are no longer exact.</summary>
    public const double Most = 1e15;

    /// <summary>The value as it can be drawn, from 0 to <see cref="Most"/>; null for a gap.</summary>
    public double? Shown => Value is { } value && double.IsFinite(value) ? Math.Clamp(value, 0, Most) : null;
}
