using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;
using Counter.Gateway.Frames.Shapes;

namespace Counter.Gateway.Polls.Pictures;

/// <summary>Lays out a poll as a row of pills. All cells have the same width, so the buttons over them do not depend on the numbers.</summary>
internal static class PollRow
{
    // Multiples of the text size.
    private const double Height = 2.1;
    private const double Gap = 0.4;
    private const double Side = 0.45;
    private const double Between = 0.32;

    // Space for the focus ring of a button.
    private const int Margin = 3;
    private const string WidestNumber = "9.9k";
    private const double LongestLabel = 9;

    /// <summary>The size of the picture. Votes do not change it.</summary>
    public static FrameSize SizeOf(PollView view, PollStyle style) =>
        new((int)CellOf(view, style) * view.Asked.Answers.Count, (int)Math.Round(style.Size * Height) + (2 * Margin));

    public static IEnumerable<Shape> Draw(PollView view, PollStyle style)
    {
        var cell = CellOf(view, style);
        var (labelSize, numberSize) = (SizeOfLabel(style), SizeOfNumber(style));
        var (gap, height) = (Math.Round(style.Size * Gap), Math.Round(style.Size * Height));
        var baseline = Margin + (height / 2) + (numberSize * 0.36);
        for (var i = 0; i < view.Asked.Answers.Count; i++)
        {
            var (x, width) = ((i * cell) + (gap / 2), cell - gap);
            var isChosen = view.Shown && view.Votes[i] > 0;
            yield return new Pill(ColorRole.Paper, x, Margin, width, height, height / 2);
            if (isChosen)
            {
                yield return new Pill(ColorRole.First, x, Margin, width, height, height / 2) { Cover = 36 };
            }

            yield return new Pill(isChosen ? ColorRole.First : ColorRole.Outline, x + 0.5, Margin + 0.5, width - 1, height - 1, (height - 1) / 2, 1)
            {
                Cover = isChosen ? 120 : 255,
            };
            var label = PollText.Fit(view.Asked.Answers[i], labelSize, style.Size * LongestLabel);
            var wide = PollText.Width(label, labelSize);
            var number = view.Shown ? NumberText.Short(view.Votes[i], style.Locale) : "";
            var numberWidth = view.Shown ? ChartType.Width(number, numberSize) + (style.Size * Between) : 0;
            var left = x + ((width - wide - numberWidth) / 2);
            var isColorful = Emoji.IsIn(label);
            yield return new Words(ColorRole.PaperText, label, new Place(left + (wide / 2), isColorful ? Margin + (height / 2) + (labelSize * 0.36) : baseline), labelSize, Anchor.Middle)
            {
                IsColorful = isColorful,
                Cover = view.Closed ? PollText.QuietCover : 255,
            };
            if (view.Shown)
            {
                yield return new Words(ColorRole.PaperText, number, new Place(left + wide + (style.Size * Between), baseline), numberSize)
                {
                    Cover = isChosen ? 255 : PollText.QuietCover,
                };
            }
        }
    }

    private static double CellOf(PollView view, PollStyle style)
    {
        var label = view.Asked.Answers.Max(answer => Math.Min(PollText.Width(answer, SizeOfLabel(style)), style.Size * LongestLabel));
        return Math.Ceiling(label + ChartType.Width(WidestNumber, SizeOfNumber(style)) + (style.Size * ((2 * Side) + Between + Gap)));
    }

    private static int SizeOfLabel(PollStyle style) => style.Size;

    private static int SizeOfNumber(PollStyle style) => (int)Math.Round(style.Size * 0.82);
}
