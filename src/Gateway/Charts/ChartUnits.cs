using System.Globalization;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Charts;

/// <summary>How charts write values.</summary>
internal static class ChartUnits
{
    private static readonly string[] Binary = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>People and other wholes: <c>1,234</c>, from 10,000 on <c>12.3k</c>; never more than there are.</summary>
    public static string Whole(double value) => value < 10_000
        ? NumberText.Full((long)value, "en")
        : NumberText.Short((long)Math.Min(value, long.MaxValue / 2), "en");

    /// <summary>At most three digits that say something: <c>0.25</c>, <c>7.5</c>, <c>123</c>, <c>12.3k</c>.</summary>
    public static string Number(double value) => value >= 1000 ? Whole(value) : Digits(value);

    /// <summary>Per cent: <c>7.5%</c>.</summary>
    public static string Percent(double value) => (value < 10 ? Digits(Math.Round(value, 1)) : Digits(Math.Round(value))) + "%";

    /// <summary>Bytes, in powers of 1,024: <c>1.5 MiB</c>.</summary>
    public static string Bytes(double value)
    {
        var unit = 0;
        while (value >= 1024 && unit < Binary.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return Digits(value) + " " + Binary[unit];
    }

    private static string Digits(double value) => value.ToString(
        value switch { < 1 => "0.##", < 100 => "0.#", _ => "0" }, CultureInfo.InvariantCulture);
}
