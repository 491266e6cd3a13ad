
namespace Counter.Attack.Attackers;

/// <summary>What one client of an attack does, again whenever it has ended.</summary>
/// <param name="target">Whom it attacks.</param>
/// <param name="number">Which of the clients it is.</param>
/// <param name="count">Is told of each answer: its status, or what else came.</param>
/// <param name="over">The attack is over.</param>
internal delegate Task AttackingClient(Target target, int number, Action<string> count, CancellationToken over);

/// <summary>One kind of attack, in one or several ways; the clients are shared out among these.</summary>
/// <param name="Name">Of the command.</param>
/// <param name="Description">What clients do.</param>
/// <param name="Clients">At a time, unless it is said otherwise.</param>
/// <param name="Addresses">Where these come from, unless it is said otherwise.</param>
/// <param name="Ways">Names, as answers are counted, and what clients do.</param>
internal sealed record AttackKind(string Name, string Description, int Clients, int Addresses, params (string Name, AttackingClient Client)[] Ways)
{
    /// <summary>Whether there is a way whose name begins so.</summary>
    public bool Has(string way) => Ways.Any(one => one.Name.StartsWith(way, StringComparison.Ordinal));
}
