namespace Counter.Deploy.Tests.Bicep;

/// <summary>Reads values.</summary>
internal sealed class ExpressionParser(TokenReader tokens)
{
    private static readonly string[][] Levels =
        [["??"], ["||"], ["&&"], ["==", "!=", "=~", "!~"], ["<", ">", "<=", ">="], ["+", "-"], ["*", "/", "%"]];

    public Expression Parse()
    {
        var condition = ParseOperation(0);
        if (!tokens.TryTakeOnNextLine("?"))
        {
            return condition;
        }

        tokens.SkipNewLines();
        var yes = Parse();
        if (!tokens.TryTakeOnNextLine(":"))
        {
            throw tokens.Unexpected("':'");
        }

        tokens.SkipNewLines();
        return new OperationExpression(condition.Line, "?:", [condition, yes, Parse()]);
    }

    private Expression ParseOperation(int level)
    {
        if (level == Levels.Length)
        {
            return ParseUnary();
        }

        var left = ParseOperation(level + 1);
        while (Levels[level].FirstOrDefault(tokens.TryTake) is { } symbol)
        {
            tokens.SkipNewLines();
            left = new OperationExpression(left.Line, symbol, [left, ParseOperation(level + 1)]);
        }

        return left;
    }

    private Expression ParseUnary() =>
        tokens.Is("!") || tokens.Is("-") ? new OperationExpression(tokens.Current.Line, tokens.Take().Text, [ParseUnary()]) : ParsePostfix();

    private Expression ParsePostfix()
    {
        var value = ParsePrimary();
        while (true)
        {
            var line = tokens.Current.Line;
            if (tokens.TryTake(".") || tokens.TryTake(".?"))
            {
                var name = tokens.Expect(TokenKind.Name).Text;
                value = tokens.Is("(") ? new CallExpression(line, value, name, ParseArguments()) : new MemberExpression(line, value, name);
            }
            else if (tokens.TryTake("["))
            {
                value = new IndexExpression(line, value, Parse());
                tokens.Expect("]");
            }
            else if (!tokens.TryTake("!"))
            {
                return value;
            }
        }
    }

    private Expression ParsePrimary()
    {
        var token = tokens.Current;
        if (token.Kind == TokenKind.Text)
        {
            return ParseText();
        }

        if (token.Kind == TokenKind.Number || tokens.IsName("true") || tokens.IsName("false") || tokens.IsName("null"))
        {
            return new PlainExpression(token.Line, tokens.Take().Text);
        }

        if (tokens.Is("{"))
        {
            return ParseObject();
        }

        if (tokens.Is("["))
        {
            return ParseArray();
        }

        if (tokens.Is("("))
        {
            return ParseParentheses();
        }

        var name = tokens.Expect(TokenKind.Name);
        if (tokens.TryTake("=>"))
        {
            return new LambdaExpression(name.Line, [name.Text], Parse());
        }

        return tokens.Is("(") ? new CallExpression(name.Line, null, name.Text, ParseArguments()) : new NameExpression(name.Line, name.Text);
    }

    public TextExpression ParseText()
    {
        var token = tokens.Expect(TokenKind.Text);
        return new TextExpression(token.Line, token.Text, [.. (token.Holes ?? []).Select(ParseHole)]);
    }

    private static Expression ParseHole(IReadOnlyList<Token> hole)
    {
        var inside = new TokenReader(hole);
        var value = new ExpressionParser(inside).Parse();
        return inside.AtEnd ? value : throw inside.Unexpected("the end of the hole");
    }

    /// <summary>Something in parentheses, or a lambda with any number of names.</summary>
    private Expression ParseParentheses()
    {
        var ahead = 1;
        while (tokens.Peek(ahead) is { Kind: TokenKind.Name } or { Text: "," })
        {
            ahead++;
        }

        var line = tokens.Current.Line;
        tokens.Expect("(");
        if (tokens.Peek(ahead - 1).Text == ")" && tokens.Peek(ahead).Text == "=>")
        {
            var names = ParseNames();
            tokens.Expect("=>");
            return new LambdaExpression(line, names, Parse());
        }

        var value = Parse();
        tokens.Expect(")");
        return value;
    }

    /// <summary>Names after an opening parenthesis, and the closing one.</summary>
    private List<string> ParseNames()
    {
        var names = new List<string>();
        while (!tokens.TryTake(")"))
        {
            names.Add(tokens.Expect(TokenKind.Name).Text);
            tokens.TryTake(",");
        }

        return names;
    }

    private List<Expression> ParseArguments()
    {
        tokens.Expect("(");
        return ParseList(")", Parse);
    }

    private Expression ParseArray()
    {
        var line = tokens.Current.Line;
        tokens.Expect("[");
        if (tokens.IsName("for"))
        {
            return ParseLoop(line);
        }

        return new ArrayExpression(line, ParseList("]", Parse));
    }

    private LoopExpression ParseLoop(int line)
    {
        tokens.ExpectName("for");
        var names = tokens.TryTake("(") ? ParseNames() : [tokens.Expect(TokenKind.Name).Text];
        tokens.ExpectName("in");
        var over = Parse();
        tokens.Expect(":");
        var body = ParseBody();
        tokens.SkipNewLines();
        tokens.Expect("]");
        return new LoopExpression(line, names, over, body);
    }

    /// <summary>What a resource, module or loop is: a value, perhaps under a condition.</summary>
    public Expression ParseBody()
    {
        if (!tokens.IsName("if"))
        {
            return Parse();
        }

        var line = tokens.Take().Line;
        tokens.Expect("(");
        var condition = Parse();
        tokens.Expect(")");
        return new IfExpression(line, condition, Parse());
    }

    private ObjectExpression ParseObject()
    {
        var line = tokens.Current.Line;
        tokens.Expect("{");
        return new ObjectExpression(line, ParseList("}", ParseProperty));
    }

    private Property ParseProperty()
    {
        var computed = tokens.Current.Kind == TokenKind.Text ? ParseText() : null;
        var name = computed?.Text ?? tokens.Expect(TokenKind.Name).Text;
        tokens.Expect(":");
        return new Property(name, Parse(), computed);
    }

    /// <summary>Items with commas or new lines between them, up to a closing bracket.</summary>
    private List<T> ParseList<T>(string end, Func<T> item)
    {
        var items = new List<T>();
        tokens.SkipNewLines();
        while (!tokens.TryTake(end))
        {
            items.Add(item());
            var separated = tokens.TryTake(",") | tokens.Current.Kind == TokenKind.NewLine;
            if (!separated && !tokens.Is(end))
            {
                throw tokens.Unexpected($"a comma, a new line or '{end}'");
            }

            tokens.SkipNewLines();
        }

        return items;
    }
}
