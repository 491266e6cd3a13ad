namespace Counter.Counting.History;

/// <summary>One day of a time zone, from midnight to midnight; 23 to 25 hours where the clocks change.</summary>
/// <param name="Start">The first moment of the day.</param>
/// <param name="End">The first moment of the day after it.</param>
public readonly record struct ZoneDay(DateTimeOffset Start, DateTimeOffset End)
{
    // No name of the IANA is longer.
    private const int LongestName = 40;

    // Some clocks skip midnight. What they skip is a multiple of this.
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(15);

    /// <summary>The zone of an IANA name, such as <c>Asia/Kathmandu</c>; null when there is none of that name.</summary>
    /// <remarks>
    /// Names differ in case, or one zone would have many names: .NET finds one that it has found before in any case.
    /// On Linux a zone is a file, so a name must not lead out of the folder of the zones, nor into the part of it where days have leap seconds.
    /// </remarks>
    public static TimeZoneInfo? FindZone(string? name) =>
        name is { Length: > 0 and <= LongestName } && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+')
        && !name.StartsWith("right/", StringComparison.Ordinal) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
        && zone.Id == name ? zone : null;

    /// <summary>The day that a moment is in.</summary>
    public static ZoneDay Of(TimeZoneInfo zone, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var date = TimeZoneInfo.ConvertTime(now, zone).Date;
        return new ZoneDay(Begin(zone, date), Begin(zone, date.AddDays(1)));
    }

    private static DateTimeOffset Begin(TimeZoneInfo zone, DateTime midnight)
    {
        while (zone.IsInvalidTime(midnight))
        {
            midnight += Step;
        }

        // Of a midnight that comes twice the first begins the day.
        var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset).ToUniversalTime();
    }
}
