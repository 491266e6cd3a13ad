namespace Counter.Counting.Tests.Presence.Day;

/// <summary>The number of every page.</summary>
internal sealed class Numbers
{
    private readonly int[] pages = new int[Plan.Pages];

    public int Site { get; private set; }

    public int this[int page] => pages[page];

    public void Add(int page, int by) => Set(page, pages[page] + by);

    /// <summary>Somebody goes from one page to another; -1 is none.</summary>
    public void Change(int from, int to)
    {
        if (from >= 0)
        {
            Add(from, -1);
        }

        if (to >= 0)
        {
            Add(to, +1);
        }
    }

    public void Set(int page, int viewers)
    {
        Site += viewers - pages[page];
        pages[page] = viewers;
    }
}
