using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Xunit;

namespace Counter.Gateway.Tests;

/// <summary>The dependencies between folders of a project, by the compiled types.</summary>
public sealed class FolderTests
{
    private static readonly Architecture Everything = new ArchLoader()
        .LoadAssemblies(typeof(CounterApp).Assembly, typeof(Grains.Hosting.SettingException).Assembly, typeof(Counting.Coalescer).Assembly).Build();

    private static readonly HashSet<string> Features = ["Charts", "Embedding", "Monitor", "Numbers", "Play", "Polls", "Relay", "SitePages", "Webhooks"];

    [Theory]
    [InlineData("Counter.Gateway")]
    [InlineData("Counter.Grains")]
    [InlineData("Counter.Counting")]
    public void Folders_have_no_circular_dependency(string project)
    {
        var uses = UsesOf(project);
        var circles = uses.Where(use => Reaches(uses, use.To, use.From)).Select(use => use.Example).ToList();
        Assert.True(circles.Count == 0, string.Join('\n', circles));
    }

    [Fact]
    public void Features_do_not_use_each_other()
    {
        var uses = UsesOf("Counter.Gateway");
        Assert.Superset(Features, uses.Select(use => use.From).ToHashSet());
        var wrong = uses.Where(use => Features.Contains(use.From) && Features.Contains(use.To)).Select(use => use.Example).ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>The folders that use another one. What is in no folder puts the folders together.</summary>
    private static List<(string From, string To, string Example)> UsesOf(string project) =>
    [
        .. from type in Everything.Types
           let folder = FolderOf(project, type)
           where folder is not null
           from dependency in type.Dependencies
           where !IsGrain(dependency.Target)
           let other = FolderOf(project, dependency.Target)
           where other is not null && other != folder
           group $"{type.FullName} uses {dependency.Target.FullName}" by (folder, other) into uses
           select (uses.Key.folder, uses.Key.other, uses.First()),
    ];

    /// <summary>Grains call each other by their interfaces, whoever comes first: that is a message, and no part of the one in the other.</summary>
    private static bool IsGrain(IType type) => type is Interface && type.ImplementedInterfaces.Any(i => i.Name == "IAddressable");

    private static string? FolderOf(string project, IType type) =>
        type.Namespace?.FullName is { } name && name.StartsWith(project + ".", StringComparison.Ordinal) ? name[(project.Length + 1)..].Split('.')[0] : null;

    private static bool Reaches(List<(string From, string To, string Example)> uses, string from, string to)
    {
        var reached = new HashSet<string> { from };
        var next = new Queue<string>(reached);
        while (next.TryDequeue(out var folder))
        {
            foreach (var use in uses.Where(use => use.From == folder && reached.Add(use.To)))
            {
                next.Enqueue(use.To);
            }
        }

        return reached.Contains(to);
    }
}
