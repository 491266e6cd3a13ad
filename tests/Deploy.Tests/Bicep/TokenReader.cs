namespace Counter.Deploy.Tests.Bicep;

/// <summary>Goes along tokens.</summary>
internal sealed class TokenReader(IReadOnlyList<Token> tokens)
{
    private int at;

    public Token Current => tokens[at];

    public bool AtEnd => Current.Kind == TokenKind.End;

    /// <summary>What comes after the current one.</summary>
    public Token Peek(int ahead = 1) => tokens[Math.Min(at + ahead, tokens.Count - 1)];

    public Token Take()
    {
        var token = Current;
        if (!AtEnd)
        {
            at++;
        }

        return token;
    }

    public bool Is(string symbol) => Current.Kind == TokenKind.Symbol && Current.Text == symbol;

    public bool IsName(string name) => Current.Kind == TokenKind.Name && Current.Text == name;

    public bool TryTake(string symbol)
    {
        var there = Is(symbol);
        if (there)
        {
            Take();
        }

        return there;
    }

    public void Expect(string symbol)
    {
        if (!TryTake(symbol))
        {
            throw Unexpected($"'{symbol}'");
        }
    }

    public void ExpectName(string name)
    {
        if (!IsName(name))
        {
            throw Unexpected($"'{name}'");
        }

        Take();
    }

    public Token Expect(TokenKind kind) => Current.Kind == kind ? Take() : throw Unexpected($"a {kind}");

    public void SkipNewLines()
    {
        while (Current.Kind == TokenKind.NewLine)
        {
            Take();
        }
    }

    /// <summary>Skips new lines when this symbol comes after them: an operator may begin a line.</summary>
    public bool TryTakeOnNextLine(string symbol)
    {
        var ahead = 0;
        while (Peek(ahead).Kind == TokenKind.NewLine)
        {
            ahead++;
        }

        if (Peek(ahead) is not { Kind: TokenKind.Symbol } next || next.Text != symbol)
        {
            return false;
        }

        at += ahead + 1;
        return true;
    }

    public BicepException Unexpected(string wanted) =>
        new(Current.Line, $"{(Current.Kind is TokenKind.NewLine or TokenKind.End ? $"the {Current.Kind}" : $"'{Current.Text}'")} stands where {wanted} should.");
}
