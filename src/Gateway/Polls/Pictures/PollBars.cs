using System.Globalization;
using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;
using Counter.Gateway.Frames.Shapes;

namespace Counter.Gateway.Polls.Pictures;

/// <summary>Lays out a poll as a question and bars. All lines have the same height, so the buttons over them need only the number of lines.</summary>
internal static class PollBars
{
    // Multiples of the text size.
    private const double LineHeight = 2.5;
    private const double Side = 0.8;
    private const double Round = 0.5;

    private const int MostHeadLines = 3;
    private const int Margin = 3;

    /// <summary>The number of lines above the answers, for the question and some space; 0 without a question.</summary>
    public static int HeadLines(PollView view, PollStyle style) => view.Asked.Question is null ? 0
        : (Question(view, style).Count + 1) / 2;

    /// <summary>The size of the picture. Votes do not change it.</summary>
    public static FrameSize SizeOf(PollView view, PollStyle style) =>
        new(style.Width, (int)Math.Round(style.Size * LineHeight) * (HeadLines(view, style) + view.Asked.Answers.Count + 1));

    public static IEnumerable<Shape> Draw(PollView view, PollStyle style)
    {
        var line = Math.Round(style.Size * LineHeight);
        var head = HeadLines(view, style);
        var y = 0.0;
        if (head > 0)
        {
            var lines = Question(view, style);
            var leading = SizeOfQuestion(style) * 1.25;
            y = (((head * line) - (lines.Count * leading)) / 2) + (leading * 0.8);
            foreach (var text in lines)
            {
                yield return new Words(ColorRole.Text, text, new Place(Margin, Math.Round(y)), SizeOfQuestion(style)) { IsColorful = Emoji.IsIn(text) };
                y += leading;
            }
        }

        var most = view.Votes.Max();
        for (var i = 0; i < view.Asked.Answers.Count; i++)
        {
            foreach (var shape in Bar(view, style, i, (head + i) * line, line, most))
            {
                yield return shape;
            }
        }

        var foot = Math.Round(((head + view.Asked.Answers.Count) * line) + (line * 0.5) + (style.Size * 0.2));
        yield return new Words(ColorRole.Muted, Summary(view, style), new Place(Margin, foot), SizeOfFoot(style));
        if (When(view) is { Length: > 0 } when)
        {
            yield return new Words(ColorRole.Muted, when, new Place(style.Width - Margin, foot), SizeOfFoot(style), Anchor.End);
        }
    }

    private static IEnumerable<Shape> Bar(PollView view, PollStyle style, int i, double top, double line, long most)
    {
        var (x, y, width, height) = (1.0, top + Margin, style.Width - 2.0, line - (2 * Margin));
        var baseline = Math.Round(y + (height / 2) + (style.Size * 0.36));
        yield return new Pill(ColorRole.Paper, x, y, width, height, style.Size * Round);
        var right = style.Width - (style.Size * Side);
        var room = right - (style.Size * Side);
        if (view.Shown)
        {
            var share = view.All == 0 ? 0 : (double)view.Votes[i] / view.All;
            if (share > 0)
            {
                var leads = view.Votes[i] == most;
                yield return new Pill(ColorRole.First, x, y, Math.Max(style.Size * Round, width * share), height, style.Size * Round) { Cover = leads ? PollText.LeadingCover : 44 };
            }

            var percent = Math.Round(share * 100).ToString(CultureInfo.InvariantCulture) + " %";
            var votes = NumberText.Short(view.Votes[i], style.Locale);
            yield return new Words(ColorRole.PaperText, percent, new Place(right, baseline), SizeOfNumber(style), Anchor.End);
            right -= ChartType.Width("100 %", SizeOfNumber(style)) + (style.Size * 0.6);
            yield return new Words(ColorRole.PaperText, votes, new Place(right, baseline), SizeOfNumber(style), Anchor.End) { Cover = PollText.QuietCover };
            room = right - ChartType.Width("99.9k", SizeOfNumber(style)) - (style.Size * (Side + 0.6));
        }

        yield return new Pill(ColorRole.Outline, x + 0.5, y + 0.5, width - 1, height - 1, style.Size * Round, 1);
        var label = PollText.Fit(view.Asked.Answers[i], style.Size, room);
        yield return new Words(ColorRole.PaperText, label, new Place(style.Size * Side, baseline), style.Size) { IsColorful = Emoji.IsIn(label) };
    }

    private static string Summary(PollView view, PollStyle style) => !view.Shown ? "Vote to see the results"
        : view.All == 1 ? "1 vote" : NumberText.Full(view.All, style.Locale) + " votes";

    private static string When(PollView view) => view.Closed ? "Closed"
        : view.Asked.Closes is { } closes ? closes.UtcDateTime.ToString("'Until' d MMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture)
        : "";

    private static List<string> Question(PollView view, PollStyle style) =>
        PollText.Wrap(view.Asked.Question!, SizeOfQuestion(style), style.Width - (2 * Margin), MostHeadLines);

    private static int SizeOfQuestion(PollStyle style) => (int)Math.Round(style.Size * 1.15);

    private static int SizeOfNumber(PollStyle style) => (int)Math.Round(style.Size * 0.88);

    private static int SizeOfFoot(PollStyle style) => (int)Math.Round(style.Size * 0.8);
}
