using System.Collections.Concurrent;
using Counter.Gateway.Admin;
using Counter.Gateway.SitePages;
using Counter.Tests.Support;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Counter.Gateway.Tests.SitePages;

/// <summary>What is asked of the grains of public sites, however many people read.</summary>
public sealed class PublicAnswersTests
{
    private const string Site = "mine.example";

    private readonly ManualTimeProvider clock = new();
    private readonly ConcurrentQueue<TaskCompletionSource<ApiAnswer>> asked = [];
    private readonly PublicAnswers answers;

    public PublicAnswersTests() => answers = new PublicAnswers(clock);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everybody_gets_one_answer_for_2_seconds()
    {
        var waiting = Enumerable.Range(0, 5).Select(_ => StatusAsync(AskAsync(Site, ""))).ToList();
        Answer(0, 200);
        Assert.All(await Task.WhenAll(waiting), status => Assert.Equal(200, status));
        clock.Advance(PublicAnswers.Fresh - TimeSpan.FromTicks(1));
        await AskAsync(Site, "");
        Assert.Single(asked);
        clock.Advance(TimeSpan.FromTicks(1));
        _ = AskAsync(Site, "");
        Assert.Equal(2, asked.Count);
    }

    [Fact]
    public async Task Who_searches_much_is_refused_and_other_readers_get_an_answer()
    {
        var searches = Enumerable.Range(0, PublicAnswers.MostSearches).Select(i => AskAsync(Site, "?contains=" + i)).ToList();
        Assert.Null(await AskAsync(Site, "?contains=more"));
        var same = AskAsync(Site, "?contains=0");
        var page = AskAsync(Site, "");
        var other = AskAsync("other.example", "?contains=a");
        Assert.Equal(PublicAnswers.MostSearches + 2, asked.Count);
        Answer(PublicAnswers.MostSearches, 200);
        Answer(PublicAnswers.MostSearches + 1, 404);
        Assert.Equal((200, 404), (await StatusAsync(page), await StatusAsync(other)));
        Answer(0, 200);
        Assert.Equal((200, 200), (await StatusAsync(searches[0]), await StatusAsync(same)));
        _ = AskAsync(Site, "?contains=more");
        Assert.Equal(PublicAnswers.MostSearches + 3, asked.Count);
    }

    [Fact]
    public async Task A_failure_is_that_of_all_who_ask_within_2_seconds()
    {
        var waiting = Enumerable.Range(0, 3).Select(_ => AskAsync(Site, "")).ToList();
        asked.Single().SetException(new IOException());
        waiting.Add(AskAsync(Site, ""));
        foreach (var one in waiting)
        {
            await Assert.ThrowsAsync<IOException>(() => one);
        }

        Assert.Single(asked);
        clock.Advance(PublicAnswers.Fresh);
        _ = AskAsync(Site, "");
        Assert.Equal(2, asked.Count);
    }

    [Fact]
    public async Task A_reader_who_leaves_takes_no_answer_from_others()
    {
        using var leave = new CancellationTokenSource();
        var first = AskAsync(Site, "", leave.Token);
        var second = AskAsync(Site, "", leave.Token);
        var third = AskAsync(Site, "");
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(first.IsCompleted);
        Answer(0, 200);
        Assert.Equal(200, await StatusAsync(third));
        Assert.Single(asked);
    }

    [Fact]
    public async Task Questions_that_differ_in_the_name_have_answers_of_their_own()
    {
        var first = AskAsync(Site, "", name: "a");
        var second = AskAsync(Site, "", name: "b");
        Answer(0, 200);
        Answer(1, 404);
        Assert.Equal((200, 404), (await StatusAsync(first), await StatusAsync(second)));
    }

    [Fact]
    public async Task What_is_asked_with_ever_other_words_is_forgotten()
    {
        for (var i = 0; i < 300; i++)
        {
            var answer = AskAsync(Site, $"?contains={i}");
            Answer(i, 200);
            await answer;
        }

        await AskAsync(Site, "?contains=299");
        Assert.Equal(300, asked.Count);
        _ = AskAsync(Site, "?contains=0");
        Assert.Equal(301, asked.Count);
    }

    private Task<ApiAnswer?> AskAsync(string site, string query, CancellationToken? cancellationToken = null, string? name = null) => answers.GetAsync(
        new PublicQuestion(site, "/sites/{site}", name, new QueryString(query)),
        () =>
        {
            var answer = new TaskCompletionSource<ApiAnswer>();
            asked.Enqueue(answer);
            return answer.Task;
        },
        cancellationToken ?? Cancelled);

    private static async Task<int?> StatusAsync(Task<ApiAnswer?> asking) => (await asking)?.Status;

    private void Answer(int number, int status) => asked.ElementAt(number).SetResult(new ApiAnswer(status, null, [], null));
}
