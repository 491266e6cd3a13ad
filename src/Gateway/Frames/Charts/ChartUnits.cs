using System.Globalization;

namespace Counter.Gateway.Frames.Charts;

/// <summary>Formats the values of charts.</summary>
internal static class ChartUnits
{
    /// <summary>Whole numbers: <c>1,234</c>, from 10,000 on <c>12.3k</c>. Never rounded up.</summary>
    public static string Whole(double value) => value < 10_000
        ? NumberText.Full((long)value, "en")
        : NumberText.Short((long)Math.Min(value, long.MaxValue / 2), "en");

    /// <summary>At most three significant digits: <c>0.25</c>, <c>7.5</c>, <c>123</c>, <c>12.3k</c>.</summary>
    public static string Number(double value) => value >= 1000 ? Whole(value) : Digits(value);

    /// <summary>Per cent: <c>7.5%</c>.</summary>
    public static string Percent(double value) => (value < 10 ? Digits(Math.Round(value, 1)) : Digits(Math.Round(value))) + "%";

    private static string Digits(double value) => value.ToString(
        value switch { < 1 => "0.##", < 100 => "0.#", _ => "0" }, CultureInfo.InvariantCulture);
}
