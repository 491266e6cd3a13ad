using Counter.Counting.Pages;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Counter.Counting.Tests.Pages;

public sealed class PageAddressProperties
{
    private static readonly PageLimits Limits = new(1_000, 100_000);

    // Pieces that mean something in an address, and any character at all, broken surrogates included.
    private static readonly Gen<string> Text = Gen.Frequency(
            (3, Gen.Elements("http://", "https://", "www.", "example.com", "/", "//", "..", "/.", "index.html", "?", "&", "=", "#")),
            (2, Gen.Elements(":", ":80", ":8080", "@", "[::1]", "%", "%2", "%2e", "%2F", "%41", "%c3%a9", "\\", "xn--", "utm_a=", "é", "ß", "。")),
            (1, Gen.Choose(0, 0xffff).Select(c => ((char)c).ToString())),
            (1, Gen.Choose(32, 126).Select(c => ((char)c).ToString())))
        .ArrayOf().Select(string.Concat);

    [Fact]
    public void No_input_throws_and_normalising_is_idempotent() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5_000), Prop.ForAll(
            Arb.From(Text.OrNull().ArrayOf(3)),
            given =>
            {
                if (!PageAddress.TryDerive(given[0], given[1], given[2], Limits, out var key, out var problem))
                {
                    return problem != PageProblem.None && key == default;
                }

                return problem == PageProblem.None && IsItsOwnForm(key);
            }));

    [Fact]
    public void Any_path_on_a_good_host_normalises_to_a_fixed_point() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5_000), Prop.ForAll(
            Arb.From(Text),
            path => !PageAddress.TryDerive("https://example.com/" + path, null, null, Limits, out var key, out _) || IsItsOwnForm(key)));

    [Fact]
    public void Any_host_normalises_to_a_fixed_point() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5_000), Prop.ForAll(
            Arb.From(Text),
            site => !PageAddress.TryParseSite(site, Limits, out var once, out _)
                || (PageAddress.TryParseSite(once, Limits, out var twice, out _) && once == twice)));

    private static bool IsItsOwnForm(PageKey key) =>
        PageAddress.TryDerive(null, key.Site, key.Path, Limits, out var again, out _) && again == key
        && PageAddress.TryDerive($"https://{key.Site}{key.Path}", null, null, Limits, out again, out _) && again == key
        && key.Path[0] == '/' && System.Text.Ascii.IsValid(key.ToString());
}
