using System.Reflection;
using Counter.Counting.Documents;
using Counter.Counting.Play;
using Counter.Counting.Polls;
using Counter.Grains.Polls;
using Orleans.Serialization.Invocation;
using Xunit;

namespace Counter.Grains.Tests;

/// <summary>
/// Orleans writes the text of requests and responses into its log and into exceptions. It describes a request by the types of its arguments, and a
/// response by its result. No secret is in either.
/// </summary>
public sealed class MessageTextTests
{
    private const string Secret = "1234567890123";
    private const ulong Visitor = 1_234_567_890_123;

    private static readonly Dictionary<Type, object> Arguments = new()
    {
        [typeof(string)] = Secret,
        [typeof(ulong)] = Visitor,
        [typeof(PollVote)] = new PollVote(Secret, Visitor, Visitor, Visitor, IfNew: null),
        [typeof(TableClick)] = new TableClick(ClickKind.Sit, 0, Secret, Secret, Visitor),
    };

    [Fact]
    public void The_text_of_a_request_has_no_argument()
    {
        var requests = typeof(IPollGrain).Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(RequestBase)) && !type.IsAbstract)
            .Select(type => (RequestBase)Activator.CreateInstance(type)!)
            .ToList();
        Assert.Contains(requests, request => request.GetMethodName() == nameof(IPollGrain.VoteAsync));
        foreach (var request in requests)
        {
            foreach (var parameter in request.GetMethod().GetParameters().Where(parameter => Arguments.ContainsKey(parameter.ParameterType)))
            {
                request.SetArgument(parameter.Position, Arguments[parameter.ParameterType]);
            }

            // Silos describe it with its grain, clients without.
            Assert.DoesNotContain(Secret, request.ToString(), StringComparison.Ordinal);
            request.SetTarget(new Target(DispatchProxy.Create(request.GetInterfaceType(), typeof(NoGrain))));
            Assert.DoesNotContain(Secret, request.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_text_of_a_response_has_no_secret()
    {
        var seat = new SeatState(Secret, IsTaken: true, IsMissed: false, Wins: 0, WantsAgain: false);
        var table = new TableState(1, default, Last: null, seat, seat, Watching: 0);
        var document = new Document(DocumentKind.ClusterSecret, "", Secret, 1);
        object[] results =
        [
            new VoteChoice(Secret, ""), new VoteReply(VoteEnd.Taken, document), document, table, new TableVisit(table, IsOwn: true),
            new TableAnswer(table, IsTaken: true),
        ];
        Assert.All(results, result => Assert.DoesNotContain(Secret, Response.FromResult(result).ToString(), StringComparison.Ordinal));
    }

    /// <summary>Stands for a grain.</summary>
    public class NoGrain : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new NotSupportedException();
    }

    private sealed class Target(object grain) : ITargetHolder
    {
        public object GetTarget() => grain;

        public object? GetComponent(Type componentType) => null;
    }
}
