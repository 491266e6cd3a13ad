using Counter.Deploy.Tests.Bicep;

namespace Counter.Deploy.Tests.Checks;

/// <summary>Whatever somebody gives to a file or gets from it is described in a sentence.</summary>
internal static class DescriptionCheck
{
    public static IEnumerable<string> Check(BicepFolder folder) =>
        from file in folder.Templates
        from declaration in file.Declarations.SelectMany(d => d.Type.Properties.Prepend(d))
        where declaration.Kind is DeclarationKind.Parameter or DeclarationKind.Output or DeclarationKind.Type
        let description = declaration.Decorators.FirstOrDefault(d => d.Function == "description")?.Arguments is [TextExpression text] ? text : null
        where description is null || !description.Text.EndsWith('.')
        select $"{file.Path}:{declaration.Line}: '{declaration.Name}' is not described in a sentence.";
}
