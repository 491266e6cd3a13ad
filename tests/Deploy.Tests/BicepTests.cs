using Counter.Deploy.Tests.Bicep;
using Xunit;

namespace Counter.Deploy.Tests;

/// <summary>The reader of Bicep files reads them right; what it does not know it refuses rather than skips.</summary>
public sealed class BicepTests
{
    [Theory]
    [InlineData("a ? b : c ?? d && e", "?:(a, b, ??(c, &&(d, e)))")]
    [InlineData("a == b || !c", "||(==(a, b), !(c))")]
    [InlineData("a + b * c - d", "-(+(a, *(b, c)), d)")]
    [InlineData("(a + b) * c", "*(+(a, b), c)")]
    [InlineData("a\n  ? b\n  : c", "?:(a, b, c)")]
    [InlineData("a.b[0].c.?d!", "a.b[0].c.d")]
    [InlineData("f(a, g(), b.h('x'))", "f(a, g(), b.h('x'))")]
    [InlineData("[a, b\n  c\n]", "[a, b, c]")]
    [InlineData("{ a: b, 'c-d': e\n  '${f}': {} }", "{a: b, c-d: e, : {}}")]
    [InlineData("'x${a ? 'y${b}' : {c: d}.c}z'", "'xz'(?:(a, 'y'(b), {c: d}.c))")]
    [InlineData(@"'it\'s \${no} hole'", "'it's ${no} hole'")]
    [InlineData("'''\nlong ${text}'''", "'\nlong ${text}'")]
    [InlineData("[for (x, i) in xs: if (x.y) { z: i }]", "for x, i in xs: if x.y {z: i}")]
    [InlineData("map(xs, (x, i) => x + i)", "map(xs, x, i => +(x, i))")]
    [InlineData("a /* b\n */ + 1 // c", "+(a, 1)")]
    public void AValueIsRead(string text, string meaning) => Assert.Equal(meaning, Show(Read($"var v = {text}\n").Declarations[0].Value!));

    [Fact]
    public void NamesOfLoopsAndLambdasComeFromInside()
    {
        var value = Read("var v = [for (x, i) in xs: map(x.y, z => '${z}${i}${w}')]").Declarations[0].Value!;

        Assert.Equal(["xs", "w"], value.FreeNames().Select(name => name.Name));
    }

    [Fact]
    public void AFileIsRead()
    {
        var file = Read("""
            // A comment.
            targetScope = 'resourceGroup'
            @description('D.')
            type size = 'small' | 'large' | other?
            param a { b: string[], c: int? } = { b: [] }
            resource r 'T@2020-01-01' existing = { name: 'n' }
            module m './m.bicep' = [for x in xs: if (y) { params: { z: x } }]
            output o string = r.id
            """);

        Assert.Equal(
            ["TargetScope ", "Type size", "Parameter a", "Resource r", "Module m", "Output o"], file.Declarations.Select(d => $"{d.Kind} {d.Name}"));
        Assert.Equal([2, 4, 5, 6, 7, 8], file.Declarations.Select(d => d.Line));
        Assert.True(file.Declarations[1].Has("description"));
        Assert.Equal(["b", "c"], file.Declarations[2].Type.Properties.Select(p => p.Name));
        Assert.True(file.Declarations[2].Type.Properties[1].Type.Optional);
        Assert.Equal("{z: x}", Show(file.Declarations[4].Body!["params"]!));
    }

    [Theory]
    [InlineData("var a = [1, 2", 1)]
    [InlineData("var a = [1, 2)", 1)]
    [InlineData("var a = 1\nvar b = }", 2)]
    [InlineData("var a = 'x", 1)]
    [InlineData("var a = 'x\n'", 1)]
    [InlineData("var a = '''x", 1)]
    [InlineData("var a = '${b'", 1)]
    [InlineData("var a = '${b c}'", 1)]
    [InlineData(@"var a = '\x'", 1)]
    [InlineData("var a = 1 /* x", 1)]
    [InlineData("var a = \"x\"", 1)]
    [InlineData("var a = 1 2", 1)]
    [InlineData("var a = [1 2]", 1)]
    [InlineData("var a = { b 1 }", 1)]
    [InlineData("var a = b ? c", 1)]
    [InlineData("var a = ", 1)]
    [InlineData("\nvariable a = 1", 2)]
    [InlineData("param a", 1)]
    [InlineData("output a string", 1)]
    [InlineData("resource a = {}", 1)]
    [InlineData("module a '${b}.bicep' = {}", 1)]
    [InlineData("@description\nparam a string", 1)]
    [InlineData("func f() string => 'x'", 1)]
    public void WhatIsNoBicepIsRefused(string text, int line)
    {
        var exception = Assert.Throws<BicepException>(() => Read(text));
        Assert.StartsWith($"line {line}: ", exception.Message, StringComparison.Ordinal);
    }

    private static BicepFile Read(string text) => FileParser.Parse("test.bicep", text);

    private static string Show(Expression value) => value switch
    {
        PlainExpression plain => plain.Text,
        NameExpression name => name.Name,
        TextExpression text => $"'{text.Text}'{(text.Holes.Count > 0 ? $"({Join(text.Holes)})" : "")}",
        MemberExpression member => $"{Show(member.Of)}.{member.Name}",
        IndexExpression index => $"{Show(index.Of)}[{Show(index.Index)}]",
        CallExpression call => $"{(call.Of is null ? "" : Show(call.Of) + ".")}{call.Function}({Join(call.Arguments)})",
        OperationExpression operation => $"{operation.Operator}({Join(operation.Operands)})",
        ObjectExpression o => $"{{{string.Join(", ", o.Properties.Select(p => $"{p.Name}: {Show(p.Value)}"))}}}",
        ArrayExpression array => $"[{Join(array.Items)}]",
        LoopExpression loop => $"for {string.Join(", ", loop.Names)} in {Show(loop.Over)}: {Show(loop.Body)}",
        IfExpression condition => $"if {Show(condition.Condition)} {Show(condition.Body)}",
        LambdaExpression lambda => $"{string.Join(", ", lambda.Names)} => {Show(lambda.Body)}",
        _ => throw new ArgumentException($"{value} is new."),
    };

    private static string Join(IEnumerable<Expression> values) => string.Join(", ", values.Select(Show));
}
