namespace Counter.Deploy.Tests.Bicep;

/// <summary>What a token is.</summary>
internal enum TokenKind
{
    Name,
    Number,
    Text,
    Symbol,
    NewLine,
    End,
}

/// <summary>The smallest piece of a Bicep file.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">A name, number or symbol as it is written; of a text the literal pieces, put together.</param>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Holes">The tokens of each <c>${…}</c> of a text.</param>
internal sealed record Token(TokenKind Kind, string Text, int Line, IReadOnlyList<IReadOnlyList<Token>>? Holes = null);

/// <summary>The file is not Bicep, or not the part of Bicep that these tests read.</summary>
internal sealed class BicepException(int line, string message) : Exception($"line {line}: {message}");
