using System.Globalization;
using System.Text.RegularExpressions;

namespace Counter.Gateway.Tests.Documentation;

/// <summary>The parameters that the tables of a page have, those whose head begins with <c>parameter</c> and has a <c>default</c>.</summary>
internal static partial class ParameterTable
{
    /// <summary>A parameter.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Meaning">What is said of it, or of it and those in the same row.</param>
    /// <param name="Default">The value that it has where an address does not say it; null where that is words, or nothing.</param>
    /// <param name="Place">Which of its row's it is.</param>
    public sealed record Parameter(string Name, string Meaning, string? Default, int Place)
    {
        /// <summary>The numbers that are allowed, where it is a number.</summary>
        public (int Least, int Most)? Range => Span().Matches(Meaning) is { } spans && spans.Count > Place
            ? (Number(spans[Place], "least"), Number(spans[Place], "most"))
            : null;

        /// <summary>How long a text may be.</summary>
        public int? Longest => Length().Match(Meaning) is { Success: true } length ? Number(length, "most") : null;

        /// <summary>What is written as code in the meaning, and is no part of an address.</summary>
        public IEnumerable<string> Values => Code().Matches(Meaning).Select(value => value.Groups["code"].Value).Where(code => !code.Contains('='));
    }

    /// <summary>The parameters of a page, in its order.</summary>
    public static List<Parameter> Of(string page)
    {
        List<Parameter> all = [];
        var columns = Array.Empty<string>();
        foreach (var line in Repository.Read(page).Split('\n'))
        {
            var cells = CellsOf(line);
            columns = cells.Length == 0 ? [] : columns.Length == 0 ? cells : columns;
            if (columns is ["parameter", _, ..] && cells != columns && !cells[0].StartsWith("---", StringComparison.Ordinal))
            {
                var names = Code().Matches(cells[0]).Select(name => name.Groups["code"].Value.Split('=')[0]).ToList();
                var defaults = columns is [_, "meaning", "default"] ? cells[2].Split(", ") : [];
                all.AddRange(names.Select((name, i) => new Parameter(name, cells[1], defaults.Length == names.Count ? Literal(defaults[i]) : null, i)));
            }
        }

        return all;
    }

    /// <summary>The rows of the table whose head begins so, without the head.</summary>
    public static IEnumerable<string[]> Rows(string page, string head) =>
        Repository.Read(page).Split('\n').SkipWhile(line => !line.StartsWith(head, StringComparison.Ordinal)).Skip(2)
            .Select(CellsOf).TakeWhile(cells => cells.Length > 0);

    /// <summary>A value as an address has it; null for words.</summary>
    public static string? Literal(string cell) =>
        Code().Match(cell) is { Success: true } code && code.Length == cell.Length ? code.Groups["code"].Value : cell.Length > 0 && cell.All(char.IsAsciiDigit) ? cell : null;

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    private static string[] CellsOf(string line) =>
        line.StartsWith('|') ? [.. Bar().Split(line)[1..^1].Select(cell => cell.Trim())] : [];

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Bar();

    [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Code();

    [GeneratedRegex(@"\b(?<least>\d+) to (?<most>\d+)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Span();

    [GeneratedRegex(@"at most (?<most>\d+) (characters|letters)", RegexOptions.ExplicitCapture)]
    private static partial Regex Length();
}
