using System.Text;

namespace Counter.Gateway.Frames.Text;

/// <content>The paired brackets.</content>
internal static partial class Bidi
{
    private const string Brackets =
        "()[]{}\u0F3A\u0F3B\u0F3C\u0F3D\u169B\u169C\u2045\u2046\u207D\u207E\u208D\u208E\u2308\u2309\u230A\u230B\u2329\u232A\u2768\u2769\u276A\u276B"
        + "\u276C\u276D\u276E\u276F\u2770\u2771\u2772\u2773\u2774\u2775\u27C5\u27C6\u27E6\u27E7\u27E8\u27E9\u27EA\u27EB\u27EC\u27ED\u27EE\u27EF"
        + "\u2983\u2984\u2985\u2986\u2987\u2988\u2989\u298A\u298B\u298C\u298D\u2990\u298F\u298E\u2991\u2992\u2993\u2994\u2995\u2996\u2997\u2998"
        + "\u29D8\u29D9\u29DA\u29DB\u29FC\u29FD\u2E22\u2E23\u2E24\u2E25\u2E26\u2E27\u2E28\u2E29\u2E55\u2E56\u2E57\u2E58\u2E59\u2E5A\u2E5B\u2E5C"
        + "\u3008\u3009\u300A\u300B\u300C\u300D\u300E\u300F\u3010\u3011\u3014\u3015\u3016\u3017\u3018\u3019\u301A\u301B\uFE59\uFE5A\uFE5B\uFE5C"
        + "\uFE5D\uFE5E\uFF08\uFF09\uFF3B\uFF3D\uFF5B\uFF5D\uFF5F\uFF60\uFF62\uFF63";

    private const int MostOpenBrackets = 63;

    /// <summary>N0: both brackets of a pair get one direction.</summary>
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

    /// <summary>Returns the index of a bracket: even ones open; -1 for none.</summary>
    private static int BracketOf(Rune rune) => rune.Value switch
    {
        // The mathematical angle brackets are canonically equivalent to the Chinese ones.
        0x2329 => Brackets.IndexOf('\u3008', StringComparison.Ordinal),
        0x232A => Brackets.IndexOf('\u3009', StringComparison.Ordinal),
        _ => rune.IsBmp ? Brackets.IndexOf((char)rune.Value, StringComparison.Ordinal) : -1,
    };
}
