namespace Counter.Deploy.Tests.Bicep;

/// <summary>A value as it is written.</summary>
/// <param name="Line">Where it begins, from 1.</param>
internal abstract record Expression(int Line)
{
    /// <summary>What it is made of.</summary>
    public virtual IEnumerable<Expression> Children => [];

    /// <summary>Names that mean something of their own in it: those of a loop or lambda.</summary>
    public virtual IEnumerable<string> Bound => [];

    /// <summary>It and everything in it.</summary>
    public IEnumerable<Expression> All() => Children.SelectMany(child => child.All()).Prepend(this);

    /// <summary>The names in it that come from outside of it.</summary>
    public virtual IEnumerable<NameExpression> FreeNames() =>
        Children.SelectMany(child => child.FreeNames()).Where(name => !Bound.Contains(name.Name));
}

/// <summary>A number, <c>true</c>, <c>false</c> or <c>null</c>.</summary>
internal sealed record PlainExpression(int Line, string Text) : Expression(Line);

/// <summary>A text; what stands in its holes is not in <paramref name="Text"/>.</summary>
internal sealed record TextExpression(int Line, string Text, IReadOnlyList<Expression> Holes) : Expression(Line)
{
    public override IEnumerable<Expression> Children => Holes;
}

internal sealed record NameExpression(int Line, string Name) : Expression(Line)
{
    public override IEnumerable<NameExpression> FreeNames() => [this];
}

internal sealed record MemberExpression(int Line, Expression Of, string Name) : Expression(Line)
{
    public override IEnumerable<Expression> Children => [Of];
}

internal sealed record IndexExpression(int Line, Expression Of, Expression Index) : Expression(Line)
{
    public override IEnumerable<Expression> Children => [Of, Index];
}

/// <summary>A call, of a method when there is <paramref name="Of"/>.</summary>
internal sealed record CallExpression(int Line, Expression? Of, string Function, IReadOnlyList<Expression> Arguments) : Expression(Line)
{
    public override IEnumerable<Expression> Children => Of is null ? Arguments : Arguments.Prepend(Of);
}

/// <summary>Operands with an operator before or between them.</summary>
internal sealed record OperationExpression(int Line, string Operator, IReadOnlyList<Expression> Operands) : Expression(Line)
{
    public override IEnumerable<Expression> Children => Operands;
}

/// <summary>One property; its name is a text with holes when it is computed.</summary>
internal sealed record Property(string Name, Expression Value, TextExpression? Computed);

internal sealed record ObjectExpression(int Line, IReadOnlyList<Property> Properties) : Expression(Line)
{
    public override IEnumerable<Expression> Children =>
        Properties.SelectMany(p => p.Computed is null ? [p.Value] : new[] { p.Computed, p.Value });

    /// <summary>The value of a property; null when there is none.</summary>
    public Expression? this[string name] => Properties.FirstOrDefault(p => p.Name == name)?.Value;
}

internal sealed record ArrayExpression(int Line, IReadOnlyList<Expression> Items) : Expression(Line)
{
    public override IEnumerable<Expression> Children => Items;
}

/// <summary><c>[for name in over: body]</c>.</summary>
internal sealed record LoopExpression(int Line, IReadOnlyList<string> Names, Expression Over, Expression Body) : Expression(Line)
{
    public override IEnumerable<Expression> Children => [Over, Body];

    public override IEnumerable<string> Bound => Names;
}

/// <summary><c>if (condition) body</c>.</summary>
internal sealed record IfExpression(int Line, Expression Condition, Expression Body) : Expression(Line)
{
    public override IEnumerable<Expression> Children => [Condition, Body];
}

internal sealed record LambdaExpression(int Line, IReadOnlyList<string> Names, Expression Body) : Expression(Line)
{
    public override IEnumerable<Expression> Children => [Body];

    public override IEnumerable<string> Bound => Names;
}
