using System.Globalization;
using System.Text;
using Counter.Gateway.Frames.Text;
using Xunit;

namespace Counter.Gateway.Tests.Frames;

/// <summary>The order of letters, by Unicode's own tables and tests, which Debian has in a package.</summary>
public class BidiTests
{
    private const string Unicode = "/usr/share/unicode";

    private static readonly string[] Explicit = ["LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"];

    [Fact]
    public void Every_character_has_the_class_that_Unicode_gives_it()
    {
        foreach (var (from, to, name) in Lines("extracted/DerivedBidiClass.txt").Select(Class))
        {
            var expected = Explicit.Contains(name) ? BidiClass.BN : Enum.Parse<BidiClass>(name);
            for (var code = from; code <= to; code++)
            {
                if (Rune.IsValid(code))
                {
                    Assert.True(expected == BidiClasses.Of(new Rune(code)), $"U+{code:X4} is {expected} and not {BidiClasses.Of(new Rune(code))}.");
                }
            }
        }

        static (int From, int To, string Name) Class(string line)
        {
            var (codes, name) = (line.Split(';')[0].Trim().Split(".."), line.Split(';')[1].Trim());
            return (Code(codes[0]), Code(codes[^1]), name);
        }
    }

    [Fact]
    public void Classes_get_the_levels_that_Unicode_tests()
    {
        var (levels, tested) = (Array.Empty<string>(), 0);
        foreach (var line in Lines("BidiTest.txt"))
        {
            if (line.StartsWith('@'))
            {
                levels = line.StartsWith("@Levels:", StringComparison.Ordinal) ? Words(line)[1..] : levels;
                continue;
            }

            var names = Words(line.Split(';')[0]);
            if (names.Intersect(Explicit).Any() || names.Contains("B"))
            {
                continue;
            }

            var classes = Array.ConvertAll(names, Enum.Parse<BidiClass>);
            var directions = int.Parse(line.Split(';')[1].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            var automatic = classes.FirstOrDefault(c => c is BidiClass.L or BidiClass.R or BidiClass.AL) is BidiClass.R or BidiClass.AL;
            foreach (var isRightToLeft in Directions(directions, automatic))
            {
                Compare(levels, Bidi.LevelsOf(classes, [], isRightToLeft), line);
                tested++;
            }
        }

        Assert.InRange(tested, 10_000, int.MaxValue);

        static IEnumerable<bool> Directions(int bits, bool automatic)
        {
            if ((bits & 1) != 0)
            {
                yield return automatic;
            }

            if ((bits & 2) != 0)
            {
                yield return false;
            }

            if ((bits & 4) != 0)
            {
                yield return true;
            }
        }
    }

    [Fact]
    public void Characters_get_the_levels_that_Unicode_tests()
    {
        var tested = 0;
        foreach (var line in Lines("BidiCharacterTest.txt"))
        {
            var fields = line.Split(';');
            var runes = Array.ConvertAll(Words(fields[0]), code => new Rune(Code(code)));
            if (runes.Any(rune => rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x2029))
            {
                continue;
            }

            var levels = Bidi.LevelsOf(runes, isRightToLeft: fields[2] == "1");
            var expected = Words(fields[3]);
            Compare(expected, levels, line);
            var order = Enumerable.Range(0, runes.Length).ToArray();
            Bidi.Reorder<int>(order, levels);
            Assert.Equal(fields[4], string.Join(' ', order.Where(at => expected[at] != "x")));
            tested++;
        }

        Assert.InRange(tested, 1000, int.MaxValue);
    }

    private static void Compare(string[] expected, byte[] levels, string line)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(expected[i] == "x" || expected[i] == levels[i].ToString(CultureInfo.InvariantCulture), $"{line}: {string.Join(' ', expected)}, not {string.Join(' ', levels)}");
        }
    }

    private static int Code(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string[] Words(string text) => text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Lines(string file)
    {
        Assert.SkipUnless(Directory.Exists(Unicode), "Unicode's tables are not installed: apt-get install unicode-data");
        return File.ReadLines(Path.Combine(Unicode, file)).Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0);
    }
}
