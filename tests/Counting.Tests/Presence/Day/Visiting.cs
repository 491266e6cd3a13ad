namespace Counter.Counting.Tests.Presence.Day;

/// <summary>Makes up one visit, step by step.</summary>
/// <remarks>
/// Every page is read for a log-normal time (median 35 s, mean 58 s); then the visit ends with one chance in four, half of the
/// time by closing the browser and half of the time for another site.
/// </remarks>
internal sealed class Visiting(Random random, Func<int> anyPage, Habits habits)
{
    private readonly List<Step> steps = [];
    private readonly Stack<int> first = [];
    private readonly Stack<int> second = [];
    private bool secondInFront;
    private long now;

    public IReadOnlyList<Step> Run(long start)
    {
        now = start;
        first.Push(anyPage());
        Add(Deed.Follow);
        while (true)
        {
            now += ReadingTime();
            var chance = random.NextDouble();
            if (chance < 0.25)
            {
                steps.Add(new Step(now, random.Next(2) == 0 ? Deed.LeaveSite : Deed.CloseAll, -1, 0));
                return steps;
            }

            if (secondInFront && random.Next(3) == 0)
            {
                ReturnToFirstTab();
            }
            else
            {
                GoOn();
            }
        }
    }

    private Stack<int> Front => secondInFront ? second : first;

    private void GoOn()
    {
        var chance = random.NextDouble();
        if (chance < habits.Back && Front.Count > 1)
        {
            Front.Pop();
            Add(Deed.Back);
        }
        else if (chance > 1 - habits.SecondTab && second.Count == 0)
        {
            secondInFront = true;
            second.Push(anyPage());
            Add(Deed.FollowInSecondTab);
        }
        else
        {
            var from = Front.Peek();
            int to;
            do
            {
                to = anyPage();
            }
            while (to == from);
            Front.Push(to);
            Add(Deed.Follow);
        }
    }

    private void ReturnToFirstTab()
    {
        secondInFront = false;
        var closes = random.Next(2) == 0;
        if (closes)
        {
            second.Clear();
        }

        Add(closes ? Deed.CloseSecondTab : Deed.LookAtFirstTab);
    }

    private void Add(Deed deed) => steps.Add(new Step(now, deed, Front.Peek(), random.Next(100, 600)));

    private long ReadingTime()
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return (long)Math.Clamp(35_000 * Math.Exp(normal), 1_000, 30 * 60_000);
    }
}
