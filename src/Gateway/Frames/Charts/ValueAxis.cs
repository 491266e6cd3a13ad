
namespace Counter.Gateway.Frames.Charts;

/// <summary>The axis of values: from 0 to the top, with gridlines at round numbers.</summary>
/// <param name="Top">The value at the upper edge.</param>
/// <param name="Step">The distance between gridlines: 1, 2 or 5 times a power of ten.</param>
internal readonly record struct ValueAxis(double Top, double Step)
{
    /// <summary>The lowest top. Powers of ten have a lower limit.</summary>
    private const double Least = 1e-9;

    /// <summary>The values of the gridlines, from 0 up.</summary>
    public IEnumerable<double> Lines
    {
        get
        {
            for (var i = 0; i * Step <= Top * (1 + 1e-9); i++)
            {
                yield return i * Step;
            }
        }
    }

    /// <summary>Returns the axis for values up to <paramref name="most"/>, 0 or more, with free height above them.</summary>
    /// <param name="most">The largest value.</param>
    /// <param name="free">The share of the height above it that stays free, 0 to less than 1.</param>
    /// <param name="lines">The most gridlines above 0; at least 2.</param>
    /// <param name="leastStep">The least distance between them.</param>
    public static ValueAxis Fitting(double most, double free, int lines, double leastStep) =>
        WithTop(Math.Max(most, leastStep) is > 0 and var high ? high / (1 - free) : 1, lines, leastStep);

    /// <summary>Returns the axis with a given top.</summary>
    public static ValueAxis WithTop(double top, int lines, double leastStep)
    {
        top = Math.Clamp(top, Least, 2 * ChartPoint.Most);

        // The step starts too low by one to two powers of ten, so the loop ends after a few rounds for any top.
        var power = Math.Pow(10, Math.Floor(Math.Log10(top / lines)) - 1);
        var step = power;
        for (var i = 0; step < leastStep || Math.Floor(top / step * (1 + 1e-9)) > lines; i++)
        {
            step = power * Math.Pow(10, i / 3) * (i % 3 == 0 ? 1 : i % 3 == 1 ? 2 : 5);
        }

        return new ValueAxis(top, step);
    }
}
