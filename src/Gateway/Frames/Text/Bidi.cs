using System.Text;

namespace Counter.Gateway.Frames.Text;

/// <summary>
/// The order in which the characters of one line are seen: the Unicode Bidirectional Algorithm (UAX #9) without explicit embeddings, overrides
/// and isolates, which are passed over.
/// </summary>
internal static class Bidi
{
    private const string Brackets =
        "()[]{}\u0F3A\u0F3B\u0F3C\u0F3D\u169B\u169C\u2045\u2046\u207D\u207E\u208D\u208E\u2308\u2309\u230A\u230B\u2329\u232A\u2768\u2769\u276A\u276B"
        + "\u276C\u276D\u276E\u276F\u2770\u2771\u2772\u2773\u2774\u2775\u27C5\u27C6\u27E6\u27E7\u27E8\u27E9\u27EA\u27EB\u27EC\u27ED\u27EE\u27EF"
        + "\u2983\u2984\u2985\u2986\u2987\u2988\u2989\u298A\u298B\u298C\u298D\u2990\u298F\u298E\u2991\u2992\u2993\u2994\u2995\u2996\u2997\u2998"
        + "\u29D8\u29D9\u29DA\u29DB\u29FC\u29FD\u2E22\u2E23\u2E24\u2E25\u2E26\u2E27\u2E28\u2E29\u2E55\u2E56\u2E57\u2E58\u2E59\u2E5A\u2E5B\u2E5C"
        + "\u3008\u3009\u300A\u300B\u300C\u300D\u300E\u300F\u3010\u3011\u3014\u3015\u3016\u3017\u3018\u3019\u301A\u301B\uFE59\uFE5A\uFE5B\uFE5C"
        + "\uFE5D\uFE5E\uFF08\uFF09\uFF3B\uFF3D\uFF5B\uFF5D\uFF5F\uFF60\uFF62\uFF63";

    private const int MostOpenBrackets = 63;

    /// <summary>The level of each character: even ones are read from left to right.</summary>
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

    /// <summary>The level of each character, by its class.</summary>
    /// <param name="classes">The classes of the characters.</param>
    /// <param name="runes">The characters, for their brackets; empty for none.</param>
    /// <param name="isRightToLeft">The direction of the whole line.</param>
    public static byte[] LevelsOf(ReadOnlySpan<BidiClass> classes, ReadOnlySpan<Rune> runes, bool isRightToLeft)
    {
        var direction = isRightToLeft ? BidiClass.R : BidiClass.L;

        // X9: what is not seen takes no part.
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

    /// <summary>Puts what is in the order of the text into the order in which it is seen, from left to right (L2).</summary>
    /// <param name="runs">The parts.</param>
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

    /// <summary>N0: both brackets of a pair have one direction.</summary>
    private static void PairBrackets(BidiClass[] types, BidiClass[] original, Rune[] characters, BidiClass direction)
    {
        var pairs = new List<(int Open, int Close)>();
        var open = new Stack<(int Bracket, int At)>();
        for (var i = 0; i < characters.Length; i++)
        {
            if (types[i] != BidiClass.ON || BracketOf(characters[i]) is not (>= 0 and var bracket))
            {
                continue;
            }

            if (bracket % 2 == 0)
            {
                if (open.Count == MostOpenBrackets)
                {
                    return;
                }

                open.Push((bracket, i));
            }
            else if (open.Any(o => o.Bracket == bracket - 1))
            {
                while (open.Pop() is var (opened, at))
                {
                    if (opened == bracket - 1)
                    {
                        pairs.Add((at, i));
                        break;
                    }
                }
            }
        }

        foreach (var (from, to) in pairs.OrderBy(pair => pair.Open))
        {
            var (same, other) = (false, false);
            for (var i = from + 1; i < to; i++)
            {
                var strong = StrongOf(types[i]);
                same |= strong == direction;
                other |= strong is not null && strong != direction;
            }

            if (!same && !other)
            {
                continue;
            }

            var before = direction;
            for (var i = from - 1; !same && i >= 0; i--)
            {
                if (StrongOf(types[i]) is { } strong)
                {
                    before = strong;
                    break;
                }
            }

            var both = same ? direction : before;
            foreach (var place in (int[])[from, to])
            {
                types[place] = both;
                for (var mark = place + 1; mark < types.Length && original[mark] == BidiClass.NSM; mark++)
                {
                    types[mark] = both;
                }
            }
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

    /// <summary>I1, I2 and L1; what is not seen goes with what is before it.</summary>
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

    /// <summary>The direction of a type; numbers are read as what is right to left around them. Null for neutrals.</summary>
    private static BidiClass? StrongOf(BidiClass type) => type switch
    {
        BidiClass.L => BidiClass.L,
        BidiClass.R or BidiClass.EN or BidiClass.AN => BidiClass.R,
        _ => null,
    };

    /// <summary>Which bracket a character is: even ones open; -1 for none.</summary>
    private static int BracketOf(Rune rune) => rune.Value switch
    {
        // The angle brackets of mathematics are canonically those of Chinese.
        0x2329 => Brackets.IndexOf('\u3008', StringComparison.Ordinal),
        0x232A => Brackets.IndexOf('\u3009', StringComparison.Ordinal),
        _ => rune.IsBmp ? Brackets.IndexOf((char)rune.Value, StringComparison.Ordinal) : -1,
    };
}
