
namespace Counter.Attack.Attackers;

/// <summary>One run of a client of an attack. A client that ends is started again.</summary>
/// <param name="target">The attacked gateway.</param>
/// <param name="number">The number of the client.</param>
/// <param name="count">Counts each answer: its status or another result.</param>
/// <param name="over">Cancelled when the attack ends.</param>
internal delegate Task AttackingClient(Target target, int number, Action<string> count, CancellationToken over);

/// <summary>One kind of attack, with one or several variants that share the clients.</summary>
/// <param name="Name">The name of the command.</param>
/// <param name="Description">What the clients do.</param>
/// <param name="Clients">The default number of simultaneous clients.</param>
/// <param name="Addresses">The default number of their addresses.</param>
/// <param name="Ways">The variants: the name for the counts of answers, and the client.</param>
internal sealed record AttackKind(string Name, string Description, int Clients, int Addresses, params (string Name, AttackingClient Client)[] Ways)
{
    /// <summary>Whether the name of a variant begins with a text.</summary>
    public bool Has(string way) => Ways.Any(one => one.Name.StartsWith(way, StringComparison.Ordinal));
}
