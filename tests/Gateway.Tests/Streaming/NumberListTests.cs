using System.Text;
using Counter.Gateway.Frames;
using Counter.Gateway.Streaming;
using Counter.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Streaming;

/// <summary>Several numbers share the mailbox of one stream, and none is lost.</summary>
public sealed class NumberListTests
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly ManualTimeProvider clock = new();

    [Fact]
    public void The_first_frame_waits_for_all_numbers_and_the_next_have_those_that_changed()
    {
        var stream = new HeldStream(clock);
        using var list = new NumberList(3, stream, Draw, clock, Pace);
        list.Show(0, new(1));
        list.Show(2, new(3));
        list.Show(0, new(7));
        Assert.Empty(stream.Written);
        list.Show(1, new(2));
        clock.Advance(Pace);
        list.Show(1, new(2));
        clock.Advance(Pace);
        list.Show(1, new(4));
        list.Show(0, new(5));
        list.Show(0, new(6));
        clock.Advance(Pace);
        list.Renew();
        list.Show(0, new(6));
        clock.Advance(Pace);
        Assert.Equal(["7 2 3", "- 4 -", "6 - -", "6 4 3"], stream.Written);
    }

    [Fact]
    public void Changes_during_a_blocked_write_are_sent_after_it()
    {
        var stream = new HeldStream(clock) { IsHeld = true };
        using var list = new NumberList(2, stream, Draw, clock, Pace);
        list.Show(0, new(0));
        list.Show(1, new(0));
        for (var i = 1; i <= 5; i++)
        {
            clock.Advance(Pace);
            list.Show(i % 2, new(i));
        }

        Assert.Equal(["0 0"], stream.Written);
        stream.Release();
        clock.Advance(Pace);
        Assert.Equal(["0 0", "4 5"], stream.Written);
    }

    private static Frame Draw(IReadOnlyList<DisplayedCount?> numbers) =>
        new("text/plain", Encoding.ASCII.GetBytes(string.Join(' ', numbers.Select(number => number is { } shown ? $"{shown.Viewers}" : "-"))));

    private sealed class HeldStream(TimeProvider clock) : LiveStream(clock, metrics: null)
    {
        private readonly TaskCompletionSource<bool> taken = new();

        public List<string> Written { get; } = [];

        public bool IsHeld { get; set; }

        public override CancellationToken Aborted => CancellationToken.None;

        public void Release()
        {
            IsHeld = false;
            taken.SetResult(true);
        }

        protected override async ValueTask<bool> WriteAsync(Frame frame, bool last)
        {
            Written.Add(Encoding.ASCII.GetString(frame.Image.Span));
            return !IsHeld || await taken.Task;
        }

        protected override void Abort()
        {
        }
    }
}
