using System.Collections.Concurrent;
using Counter.Gateway.Admin;
using Counter.Gateway.SitePages;
using Counter.Gateway.Tests.Support;
using Counter.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.SitePages;

/// <summary>What is asked of the grains of public sites, however many people read.</summary>
public sealed class PublicAnswersTests
{
    private const string Site = "mine.example";

    private readonly ManualTimeProvider clock = new();
    private readonly ConcurrentQueue<(string Question, TaskCompletionSource<ApiAnswer> Answer)> asked = [];
    private readonly PublicAnswers answers;

    public PublicAnswersTests() => answers = new PublicAnswers(clock);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everybody_gets_one_answer_for_2_seconds()
    {
        var waiting = Enumerable.Range(0, 5).Select(_ => AskAsync(Site, "pages")).ToList();
        Answer(0, 200);
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(200, answer.Status));
        clock.Advance(PublicAnswers.Fresh - TimeSpan.FromTicks(1));
        await AskAsync(Site, "pages");
        Assert.Single(asked);
        clock.Advance(TimeSpan.FromTicks(1));
        _ = AskAsync(Site, "pages");
        Assert.Equal(2, asked.Count);
    }

    [Fact]
    public async Task A_site_is_asked_one_question_at_a_time_and_others_do_not_wait()
    {
        var first = AskAsync(Site, "pages?contains=a");
        var second = AskAsync(Site, "pages?contains=b");
        var other = AskAsync("other.example", "pages");
        Assert.Equal(["pages?contains=a", "pages"], asked.Select(one => one.Question));
        Answer(1, 404);
        Assert.Equal(404, (await other).Status);
        Answer(0, 200);
        await first;
        await Wait.UntilAsync(() => asked.Count == 3, "the second question");
        Answer(2, 200);
        await second;
    }

    [Fact]
    public async Task Whoever_waits_asks_anew_after_a_failure()
    {
        var first = AskAsync(Site, "pages");
        var second = AskAsync(Site, "pages");
        asked.First().Answer.SetException(new IOException());
        await Assert.ThrowsAsync<IOException>(() => first);
        await Wait.UntilAsync(() => asked.Count == 2, "the second to ask");
        Answer(1, 200);
        Assert.Equal(200, (await second).Status);
    }

    [Fact]
    public async Task What_is_asked_with_ever_other_words_is_forgotten()
    {
        for (var i = 0; i < 300; i++)
        {
            var answer = AskAsync(Site, $"pages?contains={i}");
            Answer(i, 200);
            await answer;
        }

        await AskAsync(Site, "pages?contains=299");
        Assert.Equal(300, asked.Count);
        _ = AskAsync(Site, "pages?contains=0");
        Assert.Equal(301, asked.Count);
    }

    private Task<ApiAnswer> AskAsync(string site, string question) => answers.GetAsync(
        site,
        question,
        () =>
        {
            var answer = new TaskCompletionSource<ApiAnswer>();
            asked.Enqueue((question, answer));
            return answer.Task;
        },
        Cancelled);

    private void Answer(int number, int status) => asked.ElementAt(number).Answer.SetResult(new ApiAnswer(status, null, [], null));
}
