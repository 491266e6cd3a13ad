using Counter.Counting.Presence;

namespace Counter.Counting.Tests.Presence.Day;

/// <summary>A picture that a page has asked for, with its stream.</summary>
internal sealed class Picture(SimulatedDay day, Visit by, int page) : IOpenResponse
{
    private object? opened;
    private bool left;
    private int planned;

    public Visit By => by;

    public int Page => page;

    public bool IsOpen => opened is not null;

    public void Open() => opened = day.Counting.Open(this);

    /// <summary>Its page is left: what the browser does then.</summary>
    public void Leave()
    {
        left = true;
        if (!IsOpen)
        {
            return;
        }

        CloseAfter((day.Embed, by.Browser) switch
        {
            (true, _) => 50,
            (_, Browser.Chromium) => 60_000,
            (_, Browser.Firefox) => 1_000,
            _ => 200,
        });
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
        }
    }

    /// <summary>The probe is written a moment later, and settles a page that is left by then.</summary>
    public void Probe(Action written) => day.After(5, () =>
    {
        written();
        if (left && by.Browser != Browser.WebKit)
        {
            CloseAfter(by.Browser == Browser.Firefox ? 20 : day.Random.Next(42, 304));
        }
    });

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
