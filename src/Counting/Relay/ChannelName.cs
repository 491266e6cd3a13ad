using System.Text.RegularExpressions;
using Counter.Counting.Pages;

namespace Counter.Counting.Relay;

/// <summary>What channels are called, and which page each of them is.</summary>
public static partial class ChannelName
{
    /// <summary>The site whose pages the channels are. Only watchers of a channel are its viewers.</summary>
    public const string Site = "relay";

    /// <summary>What is allowed, for people.</summary>
    public const string Allowed = "A channel's name has 1 to 64 of a-z, 0-9, - and _, and begins with a letter or digit.";

    /// <summary>Whether a channel may be called so.</summary>
    public static bool IsValid(string name) => Valid().IsMatch(name);

    /// <summary>The page whose viewers the watchers of a channel are.</summary>
    public static PageKey PageOf(string name) => new(Site, "/" + name);

    // \z and not $, which would let a line feed pass at the end.
    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,63}\z")]
    private static partial Regex Valid();
}
