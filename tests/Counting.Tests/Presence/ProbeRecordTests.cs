using Counter.Counting.Presence;
using Xunit;

namespace Counter.Counting.Tests.Presence;

public sealed class ProbeRecordTests() : PresenceTest(new ProbeOptions(TimeSpan.Zero))
{
    private const string Browser = "Chromium 156";
    private ulong visitor;

    [Fact]
    public void A_version_with_over_a_fifth_failed_probes_is_given_up_and_its_suspicions_are_held()
    {
        Fail(40);
        Assert.False(Row.GivenUp);
        Assert.Empty(Judged);
        Fail(1);
        Assert.True(Row.GivenUp);
        Assert.Equal([(Browser, false)], Judged);

        var (left, _) = Suspect();
        Wait(64);
        Assert.True(left.Response.Probes > 0);
        Assert.Equal(0, Viewers($"/left-{visitor}"));
        Wait(1);
        Assert.Equal(1, Viewers($"/left-{visitor}"));
    }

    [Fact]
    public void A_version_with_under_a_fifth_failed_probes_is_kept()
    {
        Work(160);
        Fail(40);
        Work(160);
        Fail(40);
        Assert.Equal(new BrowserProbes(Browser, 160, 40, 80, false), Row);
    }

    [Fact]
    public void A_given_up_version_is_used_again_after_100_successes_in_a_row()
    {
        Fail(41);
        Work(99);
        Fail(1);
        Work(99);
        Assert.True(Row.GivenUp);
        Work(1);
        Assert.False(Row.GivenUp);
        Assert.Equal([(Browser, false), (Browser, true)], Judged);
        var (left, _) = Suspect();
        Wait(3.6);
        Assert.Equal(1, Viewers($"/left-{visitor}"));
        Close(left);
    }

    [Fact]
    public void A_second_tab_is_no_failed_probe()
    {
        for (var i = 0; i < 300; i++)
        {
            var (left, current) = Suspect();
            Wait(i % 50);
            Close(left, current);
        }

        Assert.Equal((0, false), (Row.Failed, Row.GivenUp));
    }

    [Fact]
    public void One_network_cannot_decide_about_a_version()
    {
        Fail(100, network: 7);
        Assert.Equal((20, false), (Row.Failed, Row.GivenUp));
        Fail(20, network: 8);
        Assert.False(Row.GivenUp);
        Fail(1, network: 9);
        Assert.True(Row.GivenUp);
    }

    [Fact]
    public void Suspicions_of_other_versions_are_not_held()
    {
        Fail(41);
        var (left, _) = Suspect(browser: "Chromium 157");
        Wait(3.6);
        Assert.Equal(1, Viewers($"/left-{visitor}"));
        Close(left);
    }

    [Fact]
    public void The_number_of_recorded_versions_is_bounded()
    {
        for (var i = 0; i < 200; i++)
        {
            Close(Suspect(browser: $"Chromium {i}").Left);
        }

        Assert.Equal(100, ExplainProbes().Count);
    }

    private BrowserProbes Row => ExplainProbes().Single(row => row.Browser == Browser);

    private (Opened Left, Opened Current) Suspect(ulong? network = null, string browser = Browser)
    {
        visitor++;
        Opened Look(string path) => Open(new StreamOrigin(Page(path), Weak with { Id = visitor }, "/online.png")
        {
            Settles = SettledBy.Padding,
            Browser = browser,
            Network = network,
        });
        var left = Look($"/left-{visitor}");
        Wait(4);
        return (left, Look($"/current-{visitor}"));
    }

    private void Fail(int times, ulong? network = null)
    {
        for (var i = 0; i < times; i++)
        {
            var (left, current) = Suspect(network);
            Wait(60);
            Close(left, current);
        }
    }

    private void Work(int times)
    {
        for (var i = 0; i < times; i++)
        {
            var (left, current) = Suspect();
            Wait(0.6);
            Close(left, current);
        }
    }

    [Theory]
    [InlineData(1, 2)] // 2 a second
    [InlineData(1, 1)] // 4 a second
    [InlineData(2, 1)] // 8 a second
    public void A_busy_gateway_gives_up_a_version_that_never_works(int at, int every)
    {
        // Openings in steps of a quarter of a second; each left page closes 58 s later, so no probe ever works.
        var open = new Queue<(double At, Opened Left, Opened Current)>();
        for (var step = 0; step < 960; step++)
        {
            var now = step * 0.25;
            for (var i = 0; step % every == 0 && i < at; i++)
            {
                visitor++;
                open.Enqueue((now, Look(visitor, "/a"), Look(visitor, "/b")));
            }

            Wait(0.25);
            while (open.TryPeek(out var first) && first.At <= now - 58)
            {
                open.Dequeue();
                Close(first.Left, first.Current);
            }
        }

        var row = ExplainProbes().Single();
        Assert.True(row.GivenUp, $"{row}");
    }

    [Fact]
    public void Invented_versions_do_not_displace_a_real_one()
    {
        for (var i = 0; i < 100; i++)
        {
            Close(Look(1, "/x", $"Chromium {i}"));
        }

        Look(2, "/a");
        Look(2, "/b");
        Assert.Contains(ExplainProbes(), row => row.Browser == "Chromium 156");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_view_may_close_with_a_stream_that_was_not_probed(bool withScript)
    {
        var left = Look(1, "/a");
        var script = withScript ? Open(new StreamOrigin(Page("/a"), Weak, "/online/ws") { Settles = SettledBy.Itself }) : null;
        Wait(4);
        Look(1, "/b");
        Wait(0.5);
        Close(left);
        if (script is not null)
        {
            Close(script);
        }

        Assert.Equal(1, ExplainProbes().Single().Worked);
    }

    private Opened Look(ulong visitor, string path, string browser = Browser) =>
        Open(new StreamOrigin(Page(path), Weak with { Id = visitor }, "/online.png") { Settles = SettledBy.Padding, Browser = browser });
}
