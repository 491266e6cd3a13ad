using System.Text;

namespace Counter.Deploy.Tests.Bicep;

/// <summary>Cuts a Bicep file into tokens, and sees to it that texts, comments and brackets end.</summary>
internal sealed class Tokenizer(string source)
{
    // Longer ones first.
    private static readonly string[] Symbols =
    [
        "==", "!=", "=~", "!~", "<=", ">=", "&&", "||", "??", "=>", ".?", "::",
        "{", "}", "[", "]", "(", ")", ".", ",", ":", "=", "?", "!", "<", ">", "+", "-", "*", "/", "%", "@", "|",
    ];

    private const string Opening = "{[(";
    private const string Closing = "}])";

    private int at;
    private int line = 1;

    /// <exception cref="BicepException">Something does not end, or is no token.</exception>
    public static IReadOnlyList<Token> Tokenize(string source) => new Tokenizer(source).ReadAll(inHole: false);

    /// <summary>The tokens to the end of the file, or to the brace that ends a hole.</summary>
    private List<Token> ReadAll(bool inHole)
    {
        var tokens = new List<Token>();
        var open = new Stack<Token>();
        while (true)
        {
            var token = Next();
            if (token.Kind == TokenKind.Symbol && Closing.Contains(token.Text[0], StringComparison.Ordinal))
            {
                if (open.Count == 0 && inHole && token.Text == "}")
                {
                    tokens.Add(new Token(TokenKind.End, "", token.Line));
                    return tokens;
                }

                if (open.Count == 0 || Closing.IndexOf(token.Text[0], StringComparison.Ordinal) != Opening.IndexOf(open.Pop().Text[0], StringComparison.Ordinal))
                {
                    throw new BicepException(token.Line, $"'{token.Text}' closes nothing.");
                }
            }
            else if (token.Kind == TokenKind.Symbol && Opening.Contains(token.Text[0], StringComparison.Ordinal))
            {
                open.Push(token);
            }
            else if (token.Kind == TokenKind.End && (open.Count > 0 || inHole))
            {
                throw new BicepException(open.Count > 0 ? open.Peek().Line : token.Line, $"'{(open.Count > 0 ? open.Peek().Text : "${")}' is not closed.");
            }

            tokens.Add(token);
            if (token.Kind == TokenKind.End)
            {
                return tokens;
            }
        }
    }

    private Token Next()
    {
        SkipBlanks();
        if (at == source.Length)
        {
            return new(TokenKind.End, "", line);
        }

        var c = source[at];
        if (c == '\n')
        {
            at++;
            return new(TokenKind.NewLine, "\n", line++);
        }

        if (c == '\'')
        {
            return Starts("'''") ? ReadLongText() : ReadText();
        }

        if (char.IsAsciiDigit(c))
        {
            return new(TokenKind.Number, Take(char.IsAsciiDigit), line);
        }

        if (char.IsAsciiLetter(c) || c == '_')
        {
            return new(TokenKind.Name, Take(l => char.IsAsciiLetterOrDigit(l) || l == '_'), line);
        }

        var symbol = Symbols.FirstOrDefault(Starts) ?? throw new BicepException(line, $"'{c}' means nothing here.");
        at += symbol.Length;
        return new(TokenKind.Symbol, symbol, line);
    }

    private void SkipBlanks()
    {
        while (at < source.Length)
        {
            if (source[at] is ' ' or '\t' or '\r')
            {
                at++;
            }
            else if (Starts("//"))
            {
                at = source.IndexOf('\n', at) is var end and >= 0 ? end : source.Length;
            }
            else if (Starts("/*"))
            {
                var end = source.IndexOf("*/", at + 2, StringComparison.Ordinal);
                var comment = end < 0 ? throw new BicepException(line, "a comment does not end.") : source[at..end];
                line += comment.Count(c => c == '\n');
                at = end + 2;
            }
            else
            {
                return;
            }
        }
    }

    private Token ReadText()
    {
        var begin = line;
        var text = new StringBuilder();
        var holes = new List<IReadOnlyList<Token>>();
        for (at++; at < source.Length && source[at] != '\n'; at++)
        {
            if (source[at] == '\'')
            {
                at++;
                return new(TokenKind.Text, text.ToString(), begin, holes);
            }

            if (Starts("${"))
            {
                at += 2;
                holes.Add(ReadAll(inHole: true));
                at--;
            }
            else if (source[at] == '\\')
            {
                at++;
                text.Append(at < source.Length && "\\'nrt$u".Contains(source[at], StringComparison.Ordinal)
                    ? source[at]
                    : throw new BicepException(line, "a backslash stands before something that it cannot stand before."));
            }
            else
            {
                text.Append(source[at]);
            }
        }

        throw new BicepException(begin, "a text does not end.");
    }

    private Token ReadLongText()
    {
        var begin = line;
        var end = source.IndexOf("'''", at + 3, StringComparison.Ordinal);
        var text = end < 0 ? throw new BicepException(line, "a text does not end.") : source[(at + 3)..end];
        line += text.Count(c => c == '\n');
        at = end + 3;
        return new(TokenKind.Text, text, begin);
    }

    private bool Starts(string text) => string.CompareOrdinal(source, at, text, 0, text.Length) == 0;

    private string Take(Func<char, bool> belongs)
    {
        var begin = at;
        while (at < source.Length && belongs(source[at]))
        {
            at++;
        }

        return source[begin..at];
    }
}
