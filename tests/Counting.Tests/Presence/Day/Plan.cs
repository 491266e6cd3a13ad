namespace Counter.Counting.Tests.Presence.Day;

/// <summary>What ten thousand visitors do on a site of 200 pages on one day. The same seed gives the same day.</summary>
/// <remarks>
/// One visitor in ten shares address and browser with 4 to 29 others: half of these groups are classes, who come within ten
/// minutes, and half are offices, who come when they like.
/// </remarks>
internal sealed class Plan
{
    public const int Pages = 200;
    public const int Visitors = 10_000;
    public const int Seconds = 24 * 60 * 60;

    // A visit has four pages of 58 s on average, so this gives 200 at once.
    private const int CrowdLasts = Visitors / 200 * 4 * 58 * 1000;

    private readonly Random random;
    private readonly double[] popularity = new double[Pages];
    private readonly List<Visit> visits = [];
    private readonly Habits habits;

    public Plan(int seed, Habits habits)
    {
        this.habits = habits;
        random = new Random(seed);
        var sum = 0.0;
        for (var page = 0; page < Pages; page++)
        {
            popularity[page] = sum += 1 / (page + 2.0);
        }

        while (habits.Crowd && visits.Count < Visitors)
        {
            Add(0, Browser.Chromium, random.Next(CrowdLasts));
        }

        while (visits.Count < Visitors * habits.Sharing)
        {
            AddGroup(random.Next(5, 31));
        }

        while (visits.Count < Visitors)
        {
            Add((ulong)visits.Count, AnyBrowser(), AnyTime());
        }
    }

    public IReadOnlyList<Visit> Visits => visits;

    private void AddGroup(int size)
    {
        var (address, browser, together, start) = ((ulong)visits.Count, AnyBrowser(), random.Next(2) == 0, AnyTime());
        for (var i = 0; i < size; i++)
        {
            Add(address, browser, together ? start + random.Next(600_000) : AnyTime());
        }
    }

    private void Add(ulong address, Browser browser, long at) =>
        visits.Add(new Visit(visits.Count, address, browser, new Visiting(random, AnyPage, habits).Run(at)));

    private Browser AnyBrowser() => random.Next(6) switch { < 4 => Browser.Chromium, 4 => Browser.Firefox, _ => Browser.WebKit };

    private int AnyPage()
    {
        var found = Array.BinarySearch(popularity, random.NextDouble() * popularity[^1]);
        return Math.Min(found < 0 ? ~found : found, Pages - 1);
    }

    /// <summary>Quiet at night, a small peak at noon and a large one in the evening.</summary>
    private long AnyTime()
    {
        while (true)
        {
            var hour = random.NextDouble() * 24;
            if (random.NextDouble() * 1.3 < 0.1 + 0.6 * Peak(hour, 13, 3) + Peak(hour, 20, 2.5))
            {
                return (long)(hour * 3_600_000);
            }
        }
    }

    private static double Peak(double hour, double at, double width) => Math.Exp(-Math.Pow((hour - at) / width, 2));
}
