using System.Globalization;
using Counter.Counting.Polls;

namespace Counter.Gateway.Polls.Pictures;

/// <summary>The content of a poll picture. Views that show the same are equal.</summary>
/// <param name="Asked">The definition of the poll.</param>
/// <param name="Votes">The votes, by answer.</param>
/// <param name="Closed">Whether voting has ended.</param>
/// <param name="Shown">Whether the results are shown, not only the answers.</param>
internal sealed record PollView(PollDefinition Asked, IReadOnlyList<long> Votes, bool Closed, bool Shown)
{
    /// <summary>The number of all votes.</summary>
    public long All => Votes.Sum();

    private string Text { get; } = string.Join('\n', [Asked.Text, Closed ? "closed" : "", .. Shown ? Votes.Select(v => v.ToString(CultureInfo.InvariantCulture)) : ["?"]]);

    public bool Equals(PollView? other) => other?.Text == Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}
