namespace Counter.Counting.Tests.Presence.Day;

/// <summary>The number of every page.</summary>
internal sealed class Numbers
{
    private readonly int[] pages = new int[Plan.Pages];

    public int Site { get; private set; }

    public int this[int page] => pages[page];

    public void Add(int page, int by) => Set(page, pages[page] + by);

    public void Set(int page, int viewers)
    {
        Site += viewers - pages[page];
        pages[page] = viewers;
    }
}
