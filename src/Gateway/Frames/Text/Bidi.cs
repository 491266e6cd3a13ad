using System.Text;

namespace Counter.Gateway.Frames.Text;

/// <summary>
/// Computes the order in which the characters of one line are displayed: the Unicode Bidirectional Algorithm (UAX #9) without explicit
/// embeddings, overrides and isolates, which are ignored.
/// </summary>
internal static partial class Bidi
{
    /// <summary>Returns the level of each character. Even levels are read from left to right.</summary>
    /// <param name="runes">The characters.</param>
    /// <param name="isRightToLeft">The direction of the whole line.</param>
    public static byte[] LevelsOf(ReadOnlySpan<Rune> runes, bool isRightToLeft)
    {
        var classes = new BidiClass[runes.Length];
        var isPlain = !isRightToLeft;
        for (var i = 0; i < runes.Length; i++)
        {
            classes[i] = BidiClasses.Of(runes[i]);
            isPlain &= classes[i] is not (BidiClass.R or BidiClass.AL or BidiClass.AN);
        }

        return isPlain ? new byte[runes.Length] : LevelsOf(classes, runes, isRightToLeft);
    }

    /// <summary>Returns the level of each character, by its class.</summary>
    /// <param name="classes">The classes of the characters.</param>
    /// <param name="runes">The characters, for their brackets; empty for none.</param>
    /// <param name="isRightToLeft">The direction of the whole line.</param>
    public static byte[] LevelsOf(ReadOnlySpan<BidiClass> classes, ReadOnlySpan<Rune> runes, bool isRightToLeft)
    {
        var direction = isRightToLeft ? BidiClass.R : BidiClass.L;

        // X9: invisible characters take no part.
        var places = new List<int>();
        for (var i = 0; i < classes.Length; i++)
        {
            if (classes[i] != BidiClass.BN)
            {
                places.Add(i);
            }
        }

        var original = new BidiClass[places.Count];
        var characters = new Rune[runes.Length == 0 ? 0 : places.Count];
        for (var i = 0; i < original.Length; i++)
        {
            original[i] = classes[places[i]];
            if (characters.Length > 0)
            {
                characters[i] = runes[places[i]];
            }
        }

        var types = (BidiClass[])original.Clone();
        ResolveWeak(types, direction);
        PairBrackets(types, original, characters, direction);
        ResolveNeutral(types, direction);
        return Level(classes, places, types, isRightToLeft);
    }

    /// <summary>Reorders runs from the order of the text to the order of display, from left to right (L2).</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="levels">The level of each.</param>
    public static void Reorder<T>(Span<T> runs, Span<byte> levels)
    {
        byte highest = 0;
        foreach (var level in levels)
        {
            highest = Math.Max(highest, level);
        }

        for (var level = highest; level > 0; level--)
        {
            for (var from = 0; from < levels.Length; from++)
            {
                var to = from;
                while (to < levels.Length && levels[to] >= level)
                {
                    to++;
                }

                runs[from..to].Reverse();
                levels[from..to].Reverse();
                from = to;
            }
        }
    }

    /// <summary>W1 to W7.</summary>
    private static void ResolveWeak(BidiClass[] types, BidiClass direction)
    {
        var (before, strong) = (direction, direction);
        for (var i = 0; i < types.Length; i++)
        {
            // W1, W2, W3.
            if (types[i] == BidiClass.NSM)
            {
                types[i] = before;
            }

            before = types[i];
            if (types[i] is BidiClass.L or BidiClass.R or BidiClass.AL)
            {
                strong = types[i];
            }
            else if (types[i] == BidiClass.EN && strong == BidiClass.AL)
            {
                types[i] = BidiClass.AN;
            }
        }

        for (var i = 0; i < types.Length; i++)
        {
            types[i] = types[i] == BidiClass.AL ? BidiClass.R : types[i];

            // W4.
            if (i > 0 && i + 1 < types.Length && types[i - 1] == types[i + 1]
                && ((types[i] == BidiClass.ES && types[i - 1] == BidiClass.EN) || (types[i] == BidiClass.CS && types[i - 1] is BidiClass.EN or BidiClass.AN)))
            {
                types[i] = types[i - 1];
            }
        }

        for (var i = 0; i < types.Length; i++)
        {
            if (types[i] == BidiClass.ET)
            {
                // W5.
                var end = i;
                while (end < types.Length && types[end] == BidiClass.ET)
                {
                    end++;
                }

                var isAtNumber = (i > 0 && types[i - 1] == BidiClass.EN) || (end < types.Length && types[end] == BidiClass.EN);
                Array.Fill(types, isAtNumber ? BidiClass.EN : BidiClass.ON, i, end - i);
                i = end - 1;
            }
            else if (types[i] is BidiClass.ES or BidiClass.CS)
            {
                // W6.
                types[i] = BidiClass.ON;
            }
        }

        strong = direction;
        for (var i = 0; i < types.Length; i++)
        {
            // W7.
            strong = types[i] is BidiClass.L or BidiClass.R ? types[i] : strong;
            types[i] = types[i] == BidiClass.EN && strong == BidiClass.L ? BidiClass.L : types[i];
        }
    }

    /// <summary>N1 and N2.</summary>
    private static void ResolveNeutral(BidiClass[] types, BidiClass direction)
    {
        for (var i = 0; i < types.Length; i++)
        {
            var end = i;
            while (end < types.Length && StrongOf(types[end]) is null)
            {
                end++;
            }

            if (end > i)
            {
                var before = i == 0 ? direction : StrongOf(types[i - 1]);
                var after = end == types.Length ? direction : StrongOf(types[end]);
                Array.Fill(types, before == after ? before!.Value : direction, i, end - i);
                i = end - 1;
            }
        }
    }

    /// <summary>I1, I2 and L1. An invisible character gets the level of the one before it.</summary>
    private static byte[] Level(ReadOnlySpan<BidiClass> classes, List<int> places, BidiClass[] types, bool isRightToLeft)
    {
        var line = (byte)(isRightToLeft ? 1 : 0);
        var levels = new byte[classes.Length];
        Array.Fill(levels, byte.MaxValue);
        for (var i = 0; i < types.Length; i++)
        {
            levels[places[i]] = (byte)(types[i] == BidiClass.R ? 1 : types[i] == BidiClass.L && !isRightToLeft ? 0 : 2);
        }

        var isEnd = true;
        for (var i = levels.Length - 1; i >= 0; i--)
        {
            isEnd = classes[i] is BidiClass.B or BidiClass.S || (isEnd && classes[i] is BidiClass.WS or BidiClass.BN);
            levels[i] = isEnd ? line : levels[i];
        }

        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = levels[i] != byte.MaxValue ? levels[i] : i == 0 ? line : levels[i - 1];
        }

        return levels;
    }

    /// <summary>Returns the direction of a type; null for neutrals. Numbers count as right to left.</summary>
    private static BidiClass? StrongOf(BidiClass type) => type switch
    {
        BidiClass.L => BidiClass.L,
        BidiClass.R or BidiClass.EN or BidiClass.AN => BidiClass.R,
        _ => null,
    };
}
