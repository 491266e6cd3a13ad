using Counter.Counting.Presence;

namespace Counter.Counting.Tests.Presence.Day;

/// <summary>A picture that a page has asked for, with its stream.</summary>
internal sealed class Picture(SimulatedDay day, Visit by, int page) : IOpenResponse
{
    private object? opened;
    private bool left;
    private bool last;
    private int planned;

    public Visit By => by;

    public int Page => page;

    public bool IsOpen => opened is not null;

    public void Open() => opened = day.Counting.Open(this);

    /// <summary>Its page is left: what the browser does then.</summary>
    public void Leave()
    {
        left = true;
        CloseAfter((day.Embed, by.Browser) switch
        {
            (true, _) => 50,
            (_, Browser.Chromium) => 60_000,
            (_, Browser.Firefox) => 1_000,
            _ => 200,
        });
    }

    /// <summary>Its page is left for another site: nobody looks at it, and nothing tells the server.</summary>
    public void LeaveSite()
    {
        Leave();
        if (IsOpen && !last)
        {
            last = true;
            day.Kept.Add(page, +1);
        }
    }

    /// <summary>Its page is in front again.</summary>
    public void Resume()
    {
        left = false;
        planned++;
    }

    public void Close()
    {
        if (opened is not null)
        {
            day.Counting.Close(opened);
            opened = null;
            if (last)
            {
                day.Kept.Add(page, -1);
            }
        }
    }

    public void Probe(Action written)
    {
        if (left && by.Browser == Browser.Firefox)
        {
            CloseAfter(20);
        }
    }

    public void End() => CloseAfter(20);

    public void CloseAfter(int milliseconds)
    {
        var plan = ++planned;
        day.After(milliseconds, () =>
        {
            if (plan == planned)
            {
                Close();
            }
        });
    }
}
