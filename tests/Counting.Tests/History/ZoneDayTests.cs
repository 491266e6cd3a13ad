using Counter.Counting.History;
using Xunit;

namespace Counter.Counting.Tests.History;

/// <summary>A day of any time zone begins at a quarter of an hour, also where the clocks change at midnight.</summary>
public sealed class ZoneDayTests
{
    [Theory]
    [InlineData("UTC", "2026-03-01T12:00Z", "2026-03-01T00:00Z", "2026-03-02T00:00Z")]
    [InlineData("UTC", "2026-03-01T00:00Z", "2026-03-01T00:00Z", "2026-03-02T00:00Z")]
    [InlineData("Asia/Kathmandu", "2026-03-01T18:14:59Z", "2026-02-28T18:15Z", "2026-03-01T18:15Z")]
    [InlineData("Asia/Kathmandu", "2026-03-01T18:15Z", "2026-03-01T18:15Z", "2026-03-02T18:15Z")]
    [InlineData("America/St_Johns", "2026-01-10T12:00Z", "2026-01-10T03:30Z", "2026-01-11T03:30Z")]
    [InlineData("Pacific/Kiritimati", "2026-01-10T12:00Z", "2026-01-10T10:00Z", "2026-01-11T10:00Z")]
    [InlineData("Europe/Berlin", "2026-03-29T12:00Z", "2026-03-28T23:00Z", "2026-03-29T22:00Z")]
    [InlineData("Europe/Berlin", "2026-10-25T12:00Z", "2026-10-24T22:00Z", "2026-10-25T23:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-04-05T06:00Z", "2026-04-04T13:00Z", "2026-04-05T13:30Z")]
    [InlineData("Africa/Cairo", "2026-04-24T12:00Z", "2026-04-23T22:00Z", "2026-04-24T21:00Z")]
    [InlineData("America/Havana", "2026-11-01T12:00Z", "2026-11-01T04:00Z", "2026-11-02T05:00Z")]
    public void A_day_runs_from_midnight_to_midnight(string zone, string now, string start, string end)
    {
        var day = ZoneDay.Of(ZoneDay.FindZone(zone)!, Time(now));
        Assert.Equal((Time(start), Time(end)), (day.Start, day.End));
    }

    [Fact]
    public void Days_of_every_zone_are_contiguous_and_begin_on_a_quarter_hour()
    {
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones())
        {
            var end = ZoneDay.Of(zone, Time("2026-01-01T00:00Z")).Start;
            for (var days = 0; days < 366; days++)
            {
                var day = ZoneDay.Of(zone, end);
                Assert.Equal(end, day.Start);
                Assert.InRange(day.End - day.Start, TimeSpan.FromHours(22), TimeSpan.FromHours(26));
                Assert.Equal(0, day.End.ToUnixTimeSeconds() % 900);
                end = day.End;
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("Mars/Olympus")]
    [InlineData("Europe")]
    [InlineData("/etc/passwd")]
    [InlineData("../../../etc/passwd")]
    [InlineData("Europe/../../../../etc/passwd")]
    [InlineData("right/Europe/Berlin")]
    [InlineData("W. Europe Standard Time")]
    [InlineData("Europe/Berlin\0")]
    [InlineData("zone.tab")]
    public void An_unknown_zone_is_refused(string? name) => Assert.Null(ZoneDay.FindZone(name));

    [Theory]
    [InlineData("UTC")]
    [InlineData("Etc/GMT+12")]
    [InlineData("America/Argentina/ComodRivadavia")]
    [InlineData("Asia/Katmandu")]
    public void Old_zone_names_are_accepted(string name) => Assert.NotNull(ZoneDay.FindZone(name));

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
