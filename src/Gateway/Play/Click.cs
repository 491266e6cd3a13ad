using System.Diagnostics.CodeAnalysis;
using Counter.Counting.Play;

namespace Counter.Gateway.Play;

/// <summary>A click at a table.</summary>
/// <param name="Kind">The kind of the click.</param>
/// <param name="Square">The square of a move, 0 to 8.</param>
internal readonly record struct Click(ClickKind Kind, int Square = 0)
{
    /// <summary>The error for an invalid click.</summary>
    public const string Allowed = "0 to 8 (a square, row by row), sit, again or leave.";

    private const ClickKind Unknown = (ClickKind)(-1);

    /// <summary>Parses the value of a form's button.</summary>
    public static bool TryRead([NotNullWhen(true)] string? text, out Click click)
    {
        click = text switch
        {
            "sit" => new Click(ClickKind.Sit),
            "again" => new Click(ClickKind.Again),
            "leave" => new Click(ClickKind.Leave),
            [>= '0' and < (char)('0' + Board.Squares) and var digit] => new Click(ClickKind.Move, digit - '0'),
            _ => new Click(Unknown),
        };
        return click.Kind != Unknown;
    }
}
