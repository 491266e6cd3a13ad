namespace Counter.Deploy.Tests.Bicep;

/// <summary>What a statement declares.</summary>
internal enum DeclarationKind
{
    TargetScope,
    Using,
    Type,
    Parameter,
    Variable,
    Resource,
    Module,
    Output,
}

/// <summary>One statement of a Bicep file.</summary>
/// <param name="Kind">What it declares.</param>
/// <param name="Name">Its name; empty when it has none.</param>
/// <param name="Line">Where it begins, after its decorators.</param>
/// <param name="Decorators">The calls that stand before it, with <c>@</c>.</param>
/// <param name="Type">Its type; of a resource type and version, of a module and of <c>using</c> the path.</param>
/// <param name="Value">Its value; null when it has none.</param>
internal sealed record Declaration(
    DeclarationKind Kind, string Name, int Line, IReadOnlyList<CallExpression> Decorators, TypeShape Type, Expression? Value)
{
    /// <summary>The object that a resource or module is, without the condition and loop around it.</summary>
    public ObjectExpression? Body => Unwrap(Value) as ObjectExpression;

    public bool Has(string decorator) => Decorators.Any(d => d.Function == decorator);

    private static Expression? Unwrap(Expression? value) => value switch
    {
        LoopExpression loop => Unwrap(loop.Body),
        IfExpression condition => Unwrap(condition.Body),
        _ => value,
    };
}

/// <summary>What is known of a type.</summary>
/// <param name="Text">A literal: a resource type with its version, or a path.</param>
/// <param name="Names">The types that it is made of.</param>
/// <param name="Properties">Its properties, when it is an object.</param>
/// <param name="Optional">Whether it may be null.</param>
internal sealed record TypeShape(string Text, IReadOnlyList<string> Names, IReadOnlyList<Declaration> Properties, bool Optional = false)
{
    public static TypeShape None { get; } = new("", [], []);
}

/// <summary>A file that was read.</summary>
/// <param name="Path">Where it is, below the folder that is checked.</param>
/// <param name="Declarations">What it declares, in order.</param>
internal sealed record BicepFile(string Path, IReadOnlyList<Declaration> Declarations)
{
    public IEnumerable<Declaration> Of(DeclarationKind kind) => Declarations.Where(d => d.Kind == kind);

    /// <summary>Every value in the file, with what it is made of.</summary>
    public IEnumerable<Expression> Values => Declarations.SelectMany(d => d.Value?.All() ?? []);
}
