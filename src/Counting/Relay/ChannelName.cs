using System.Text.RegularExpressions;
using Counter.Counting.Pages;

namespace Counter.Counting.Relay;

/// <summary>The names of channels, and the page of each.</summary>
public static partial class ChannelName
{
    /// <summary>The site that has the channels as its pages. Only the watchers of a channel are its viewers.</summary>
    public const string Site = "relay";

    /// <summary>The rule for names, for people.</summary>
    public const string Allowed = "A channel's name has 1 to 64 of a-z, 0-9, - and _, and begins with a letter or digit.";

    /// <summary>Whether a channel may have a name.</summary>
    public static bool IsValid(string name) => Valid().IsMatch(name);

    /// <summary>The page of a channel: its viewers are the watchers of the channel.</summary>
    public static PageKey PageOf(string name) => new(Site, "/" + name);

    // \z and not $, which allows a line feed at the end.
    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,63}\z")]
    private static partial Regex Valid();
}
