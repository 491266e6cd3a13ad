namespace Counter.Deploy.Tests.Bicep;

/// <summary>Reads the statements of a Bicep or parameter file.</summary>
internal sealed class FileParser
{
    private readonly TokenReader tokens;
    private readonly ExpressionParser expressions;

    private FileParser(string source)
    {
        tokens = new TokenReader(Tokenizer.Tokenize(source));
        expressions = new ExpressionParser(tokens);
    }

    /// <exception cref="BicepException">It cannot be read.</exception>
    public static BicepFile Parse(string path, string source) => new(path, new FileParser(source).ParseAll());

    private List<Declaration> ParseAll()
    {
        var declarations = new List<Declaration>();
        tokens.SkipNewLines();
        while (!tokens.AtEnd)
        {
            declarations.Add(ParseDeclaration());
            if (!tokens.AtEnd)
            {
                tokens.Expect(TokenKind.NewLine);
                tokens.SkipNewLines();
            }
        }

        return declarations;
    }

    private Declaration ParseDeclaration()
    {
        var decorators = ParseDecorators();
        var word = tokens.Expect(TokenKind.Name);
        Declaration Make(DeclarationKind kind, string name, TypeShape type, Expression? value) => new(kind, name, word.Line, decorators, type, value);
        switch (word.Text)
        {
            case "targetScope":
                return Make(DeclarationKind.TargetScope, "", TypeShape.None, ParseValue());
            case "using":
                return Make(DeclarationKind.Using, "", ParsePath(), null);
            case "type":
                var typeName = tokens.Expect(TokenKind.Name).Text;
                tokens.Expect("=");
                return Make(DeclarationKind.Type, typeName, ParseType(), null);
            case "param":
                var parameter = tokens.Expect(TokenKind.Name).Text;
                return Make(DeclarationKind.Parameter, parameter, tokens.Is("=") ? TypeShape.None : ParseType(), tokens.Is("=") ? ParseValue() : null);
            case "var":
                return Make(DeclarationKind.Variable, tokens.Expect(TokenKind.Name).Text, TypeShape.None, ParseValue());
            case "output":
                return Make(DeclarationKind.Output, tokens.Expect(TokenKind.Name).Text, ParseType(), ParseValue());
            case "resource":
                return Make(DeclarationKind.Resource, tokens.Expect(TokenKind.Name).Text, ParsePath(), ParseBody());
            case "module":
                return Make(DeclarationKind.Module, tokens.Expect(TokenKind.Name).Text, ParsePath(), ParseBody());
            default:
                throw new BicepException(word.Line, $"'{word.Text}' begins no statement that is known here.");
        }
    }

    private List<CallExpression> ParseDecorators()
    {
        var decorators = new List<CallExpression>();
        while (tokens.TryTake("@"))
        {
            decorators.Add(expressions.Parse() as CallExpression ?? throw tokens.Unexpected("a decorator with parentheses"));
            tokens.SkipNewLines();
        }

        return decorators;
    }

    private TypeShape ParsePath() => new(expressions.ParseText() is { Holes.Count: 0 } path ? path.Text : throw tokens.Unexpected("a path without holes"), [], []);

    private Expression ParseValue()
    {
        tokens.Expect("=");
        tokens.SkipNewLines();
        return expressions.Parse();
    }

    private Expression ParseBody()
    {
        if (tokens.IsName("existing"))
        {
            tokens.Take();
        }

        tokens.Expect("=");
        return expressions.ParseBody();
    }

    /// <summary>A name, a literal, an object, any of them with <c>[]</c> or <c>?</c> behind it, or several with <c>|</c> between them.</summary>
    private TypeShape ParseType()
    {
        var names = new List<string>();
        var properties = new List<Declaration>();
        var optional = false;
        do
        {
            if (tokens.Is("{"))
            {
                properties.AddRange(ParseProperties());
            }
            else if (tokens.Current.Kind == TokenKind.Text)
            {
                expressions.ParseText();
            }
            else
            {
                names.Add(tokens.Expect(TokenKind.Name).Text);
            }

            while (tokens.Is("[") || tokens.Is("?"))
            {
                optional |= tokens.Is("?");
                if (tokens.Take().Text == "[")
                {
                    tokens.Expect("]");
                }
            }
        }
        while (tokens.TryTakeOnNextLine("|"));
        return new("", names, properties, optional);
    }

    private List<Declaration> ParseProperties()
    {
        var properties = new List<Declaration>();
        tokens.Expect("{");
        tokens.SkipNewLines();
        while (!tokens.TryTake("}"))
        {
            var decorators = ParseDecorators();
            var name = tokens.Expect(TokenKind.Name);
            tokens.Expect(":");
            properties.Add(new(DeclarationKind.Type, name.Text, name.Line, decorators, ParseType(), null));
            tokens.TryTake(",");
            tokens.SkipNewLines();
        }

        return properties;
    }
}
