using System.Globalization;
using System.Text;

namespace Counter.Gateway.Frames.Text;

/// <summary>The bidirectional classes of Unicode (UAX #9, table 4), with the names that Unicode gives them.</summary>
internal enum BidiClass : byte
{
    /// <summary>A letter that is read from left to right.</summary>
    L,

    /// <summary>A letter that is read from right to left.</summary>
    R,

    /// <summary>A letter of Arabic or a script like it.</summary>
    AL,

    /// <summary>A European digit.</summary>
    EN,

    /// <summary>A plus or minus sign.</summary>
    ES,

    /// <summary>A sign at a number, such as a currency sign.</summary>
    ET,

    /// <summary>An Arabic digit.</summary>
    AN,

    /// <summary>A separator of digits, such as a comma.</summary>
    CS,

    /// <summary>A mark over or under the letter before.</summary>
    NSM,

    /// <summary>An invisible character.</summary>
    BN,

    /// <summary>The end of a paragraph.</summary>
    B,

    /// <summary>A tabulator.</summary>
    S,

    /// <summary>A space.</summary>
    WS,

    /// <summary>Anything else.</summary>
    ON,
}

/// <summary>Finds the class of a character.</summary>
internal static class BidiClasses
{
    private static readonly (int[] From, BidiClass[] Classes) Table = Read();

    public static BidiClass Of(Rune rune)
    {
        var at = Array.BinarySearch(Table.From, rune.Value);
        return Table.Classes[at >= 0 ? at : ~at - 1];
    }

    private static (int[] From, BidiClass[] Classes) Read()
    {
        using var text = new StreamReader(typeof(BidiClasses).Assembly.GetManifestResourceStream("BidiClasses.txt")!);
        var (from, classes) = (new List<int>(), new List<BidiClass>());
        while (text.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                var space = line.IndexOf(' ', StringComparison.Ordinal);
                from.Add(int.Parse(line.AsSpan(0, space), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                classes.Add(Enum.Parse<BidiClass>(line.AsSpan(space + 1)));
            }
        }

        return ([.. from], [.. classes]);
    }
}
