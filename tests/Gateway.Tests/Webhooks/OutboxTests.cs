using Counter.Counting.Documents;
using Counter.Counting.Webhooks;
using Xunit;

namespace Counter.Gateway.Tests.Webhooks;

/// <summary>The messages for a receiver, and when each is sent.</summary>
public sealed class OutboxTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Webhook Hook = new("https://example.com/hook", Page: null, Over: 100, Under: 80, Active: true, "whsec_AAAA");

    [Fact]
    public void Messages_follow_the_thresholds_with_hysteresis()
    {
        // Minutes apart: the viewers, and what is said of them.
        (int Viewers, string? Expected)[] day =
        [
            (0, null), (99, null), (100, "viewers.rose"), (150, null), (81, null), (99, null), (100, null), (80, "viewers.fell"),
            (99, null), (81, null), (0, null), (1000, "viewers.rose"), (0, "viewers.fell"),
        ];
        var outbox = new Outbox();
        for (var i = 0; i < day.Length; i++)
        {
            var next = outbox.Judge(Hook, day[i].Viewers, Start.AddMinutes(i));
            Assert.Equal((i, day[i].Expected), (i, next?.Deliveries[^1].Type));
            outbox = next ?? outbox;
        }
    }

    [Theory]
    [InlineData(100, 100, 100, 99)]
    [InlineData(1, 0, 1, 0)]
    [InlineData(1, 1, 1, 0)]
    [InlineData(100, 0, 100, 0)]
    public void Thresholds_at_their_limits_rise_and_fall(int over, int under, int rises, int falls)
    {
        var hook = Hook with { Over = over, Under = under };
        Assert.Null(new Outbox().Judge(hook, rises - 1, Start));
        var risen = new Outbox().Judge(hook, rises, Start)!;
        Assert.Null(risen.Judge(hook, falls + 1, Start.AddMinutes(1)));
        Assert.Equal("viewers.fell", risen.Judge(hook, falls, Start.AddMinutes(1))!.Deliveries[^1].Type);
    }

    [Fact]
    public void Messages_are_a_minute_apart_and_have_the_number_at_that_time()
    {
        var risen = new Outbox().Judge(Hook, 100, Start)!;
        Assert.Null(risen.Judge(Hook, 0, Start.AddSeconds(59.9)));
        Assert.Null(risen.Judge(Hook, 120, Start.AddSeconds(60)));
        var fallen = risen.Judge(Hook, 7, Start.AddSeconds(60))!;
        Assert.Equal(("viewers.fell", 7), (fallen.Deliveries[^1].Type, fallen.Deliveries[^1].Viewers));
    }

    [Fact]
    public void Messages_of_one_page_do_not_affect_another()
    {
        var risen = new Outbox().Judge(Hook, 100, Start)!;
        var moved = Hook with { Page = "/a" };
        Assert.Null(risen.Judge(moved, 0, Start.AddMinutes(1)));
        Assert.Equal("viewers.rose", risen.Judge(moved, 100, Start.AddMinutes(1))!.Deliveries[^1].Type);
    }

    [Fact]
    public void The_newest_fifty_messages_are_kept_and_unsent_ones_longer()
    {
        var outbox = new Outbox();
        for (var i = 0; i < 120; i++)
        {
            outbox = outbox.Judge(Hook, i % 2 == 0 ? 100 : 0, Start.AddMinutes(i))!;
            outbox = i == 3 ? outbox : outbox.Replace(outbox.Deliveries[^1].Id, d => d.Begin(Start).End(new Outcome(204, null), Start))!;
        }

        Assert.Equal(50, outbox.Deliveries.Count);
        Assert.Equal([Start.AddMinutes(3), Start.AddMinutes(71)], outbox.Deliveries.Take(2).Select(d => d.At));
    }

    [Fact]
    public void A_full_outbox_fits_a_document_and_is_read_again()
    {
        var hook = Hook with { Page = "/" + new string('é', 490) };
        var outbox = new Outbox();
        for (var i = 0; i < 60; i++)
        {
            outbox = outbox.Judge(hook, i % 2 == 0 ? 100 : 0, Start.AddMinutes(i))!;
        }

        var json = outbox.Write();
        Assert.InRange(json.Length, 50_000, IDocuments.LongestJson);
        var read = Outbox.Read(json);
        Assert.Equal(json, read.Write());
        Assert.Equal(Start.AddMinutes(59), read.Deliveries[^1].At);
    }

    [Fact]
    public void The_delay_between_attempts_grows_and_attempts_end()
    {
        var delivery = Delivery.New(Delivery.Rose, Hook, 100, Start);
        var now = Start;
        foreach (var wait in new[] { 5, 30, 120, 600, 3600 })
        {
            delivery = delivery.Begin(now).End(new Outcome(500, "no"), now);
            Assert.Equal((DeliveryState.Pending, now.AddSeconds(wait)), (delivery.State, delivery.NextAt));
            now = now.AddSeconds(wait);
            Assert.False(delivery.IsDue(now.AddTicks(-1)));
            Assert.True(delivery.IsDue(now));
        }

        delivery = delivery.Begin(now).End(new Outcome(500, "no"), now);
        Assert.Equal((DeliveryState.GivenUp, 6, null), (delivery.State, delivery.Tries, delivery.NextAt));
        Assert.False(delivery.IsDue(now.AddYears(1)));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(-60, 5)]
    [InlineData(600, 600)]
    [InlineData(3600, 3600)]
    [InlineData(1_000_000, 3600)]
    public void A_Retry_After_is_respected_up_to_an_hour(int asked, int waits)
    {
        var outbox = new Outbox().Judge(Hook, 100, Start)!;
        var id = outbox.Deliveries[0].Id;
        outbox = outbox.Begin(id, Start)!.End(id, new Outcome(503, "no") { RetryAfter = TimeSpan.FromSeconds(asked) }, Start)!;
        Assert.Equal(Start.AddSeconds(waits), outbox.Find(id)!.NextAt);
    }

    [Fact]
    public void A_Retry_After_delays_all_messages_but_tests()
    {
        var risen = new Outbox().Judge(Hook, 100, Start)!;
        var waiting = risen.Judge(Hook, 0, Start.AddMinutes(1))!.Test(Delivery.New(Delivery.Test, Hook, 0, Start.AddMinutes(1)))!;
        var (first, now) = (waiting.Deliveries[0].Id, Start.AddMinutes(1));
        var held = waiting.Begin(first, now)!.End(first, new Outcome(429, "no") { RetryAfter = TimeSpan.FromMinutes(10) }, now)!;
        held = Outbox.Read(held.Write()).Judge(Hook, 100, now.AddMinutes(1))!;
        Assert.Equal(
            [("viewers.rose", now.AddMinutes(10)), ("viewers.fell", now.AddMinutes(10)), ("viewers.test", now), ("viewers.rose", now.AddMinutes(10))],
            held.Deliveries.Select(d => (d.Type, d.NextAt!.Value)));

        // What is written after it is sent at once again.
        Assert.Equal(now.AddMinutes(10), held.Judge(Hook, 0, now.AddMinutes(10))!.Deliveries[^1].NextAt);
    }

    [Fact]
    public void Answers_shows_the_result_of_the_last_attempt()
    {
        var outbox = new Outbox();
        Assert.Null(outbox.Answers);
        var tries = new (Outcome Outcome, bool Answers)[]
        {
            (new Outcome(null, "silent"), false), (new Outcome(500, "no"), true), (new Outcome(null, "silent"), false), (new Outcome(204, null), true),
        };
        for (var i = 0; i < tries.Length; i++)
        {
            var now = Start.AddMinutes(i);
            outbox = outbox.Judge(Hook, i % 2 == 0 ? 100 : 0, now)!;
            var id = outbox.Deliveries[^1].Id;
            outbox = outbox.Begin(id, now)!.End(id, tries[i].Outcome, now)!;
            Assert.Equal((i, tries[i].Answers), (i, outbox.Answers));
        }
    }

    [Fact]
    public void A_claimed_message_is_sent_by_one_gateway_until_the_claim_expires()
    {
        var outbox = new Outbox().Judge(Hook, 100, Start)!;
        var id = outbox.Deliveries[0].Id;
        var taken = outbox.Begin(id, Start)!;
        Assert.Null(taken.Begin(id, Start.AddSeconds(29)));
        var again = taken.Begin(id, Start.AddSeconds(30))!;
        Assert.Equal(2, again.Find(id)!.Tries);
    }

    [Fact]
    public void A_message_that_crashes_every_gateway_is_given_up()
    {
        var outbox = new Outbox().Judge(Hook, 100, Start)!;
        var id = outbox.Deliveries[0].Id;
        var tries = 0;
        for (var now = Start; outbox.Begin(id, now) is { } next; now += Delivery.Claim)
        {
            outbox = next;
            tries += outbox.Find(id)!.State == DeliveryState.Pending ? 1 : 0;
        }

        Assert.Equal((6, DeliveryState.GivenUp), (tries, outbox.Find(id)!.State));
    }
}
