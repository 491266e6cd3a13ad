using Counter.Counting.Polls;
using Counter.Grains.Polls;
using Xunit;

namespace Counter.Grains.Tests;

/// <summary>Orleans writes requests that fail into its log and into exceptions. Requests to polls do not say there who votes for what.</summary>
public sealed class PollRequestTests
{
    private const ulong Voter = 1_234_567_890_123;

    private static readonly PollVote Vote = new("Quetzal", Voter, Voter, Voter, IfNew: null, [Voter]);

    [Fact]
    public void The_text_of_a_request_has_neither_the_choice_nor_the_visitor()
    {
        var requests = typeof(IPollGrain).Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(RequestBase)) && !type.IsAbstract)
            .Select(type => (RequestBase)Activator.CreateInstance(type)!)
            .Where(request => request.GetInterfaceType() == typeof(IPollGrain))
            .ToList();
        Assert.Equal(["FindVoteAsync", "HasVotedAsync", "VoteAsync"], requests.Select(request => request.GetMethodName()).Order());
        foreach (var request in requests)
        {
            for (var i = 0; i < request.GetArgumentCount(); i++)
            {
                request.SetArgument(i, ArgumentOf(request.GetMethod().GetParameters()[i].ParameterType));
            }

            var text = request.ToString();
            Assert.Contains(request.GetMethodName(), text, StringComparison.Ordinal);
            Assert.DoesNotContain("Quetzal", text, StringComparison.Ordinal);
            Assert.DoesNotContain("1234567890123", text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("Quetzal", new VoteChoice("Quetzal", "").ToString(), StringComparison.Ordinal);
    }

    private static object ArgumentOf(Type type) =>
        type == typeof(PollVote) ? Vote
        : type == typeof(VoterId) ? new VoterId(Voter)
        : type == typeof(ulong) ? Voter
        : Activator.CreateInstance(type)!;
}
