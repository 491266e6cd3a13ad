namespace Counter.Counting.Tests.Presence.Day;

/// <summary>How far numbers are from the truth: the sum of the differences over all seconds, divided by the sum of the truth.</summary>
internal sealed class Deviation
{
    private long page;
    private long site;
    private long truth;

    /// <summary>Of the page numbers, each page's difference counted for itself.</summary>
    public double Pages => (double)page / truth;

    /// <summary>Of the site's number.</summary>
    public double Site => (double)site / truth;

    public void Add(Numbers shown, Numbers right)
    {
        for (var i = 0; i < Plan.Pages; i++)
        {
            page += Math.Abs(shown[i] - right[i]);
        }

        site += Math.Abs(shown.Site - right.Site);
        truth += right.Site;
    }

    public override string ToString() => FormattableString.Invariant($"{Site,7:P1} {Pages,7:P1}");
}
