using Counter.Gateway.Operations;
using Counter.Gateway.Relay;
using Counter.Gateway.Settings;
using Counter.Gateway.Tests.Support;
using Counter.Grains.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>A wrong setting stops the start with one line that names it and what is allowed.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData("--Limits:Streams=0", "Limits:Streams is '0'; allowed is a whole number from 1 to 10000000.")]
    [InlineData("--Limits:Streams=many", "Limits:Streams is 'many'; allowed is a whole number from 1 to 10000000.")]
    [InlineData("--Limits:Streams=99999999999", "Limits:Streams is '99999999999'; allowed is a whole number from 1 to 10000000.")]
    [InlineData("--Limits:ExemptPrivateAddresses=maybe", "Limits:ExemptPrivateAddresses is 'maybe'; allowed is true or false.")]
    [InlineData("--Streaming:Probes=sometimes", "Streaming:Probes is 'sometimes'; allowed is on or off.")]
    [InlineData("--Streaming:ProbeBytes=16000001", "Streaming:ProbeBytes is '16000001'; allowed is a whole number from 0 to 16000000.")]
    [InlineData("--Cluster:Store=Redis", "Cluster:Store is 'Redis'; allowed is Local or Postgres or AzureStorage.")]
    [InlineData("--Data:Directory=", "Data:Directory is ''; allowed is any text that is not empty.")]
    [InlineData("--Proxies:Trusted=10.0.0.0/8,proxy", "Proxies:Trusted has 'proxy'; allowed are addresses or networks such as 10.0.0.0/8, separated by commas.")]
    [InlineData("--Admin:CorsOrigins=*", "Admin:CorsOrigins has '*'; allowed are origins such as https://dashboard.example, separated by commas.")]
    [InlineData("--Admin:CorsOrigins=https://a.example,https://*.b.example", "Admin:CorsOrigins has 'https://*.b.example'; allowed are origins such as https://dashboard.example, separated by commas.")]
    [InlineData("--Admin:CorsOrigins=https://a.example/path", "Admin:CorsOrigins has 'https://a.example/path'; allowed are origins such as https://dashboard.example, separated by commas.")]
    [InlineData("--Admin:CorsOrigins=null", "Admin:CorsOrigins has 'null'; allowed are origins such as https://dashboard.example, separated by commas.")]
    public void An_invalid_value_is_named(string setting, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<SettingException>(() => CounterApp.Build([setting])).Message);

    [Fact]
    public void An_unknown_setting_is_named()
    {
        var wrong = Assert.Throws<SettingException>(() => CounterApp.Build(["--Limits:Stream=5"]));
        Assert.StartsWith("Limits:Stream is not a setting; the settings of Limits are: Streams, ", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Limit is not a section of settings; the sections are: Admin, Cluster, Data, ", "--Limit:Streams=5")]
    [InlineData("Datta is not a section of settings; the sections are: Admin, ", "--Datta:Directory=/var/counter")]
    [InlineData("Url is not a section of settings; the sections are: Admin, ", "--Url", "http://*:80")]
    [InlineData("--Limits:Streams has no value. ", "--Limits:Streams")]
    [InlineData("'start' is not understood. ", "start")]
    [InlineData("'-v' is not understood. ", "-v")]
    [InlineData("Logging:LogLevel:Default is 'Loud'; allowed is Trace or Debug or Information or ", "--Logging:LogLevel:Default=Loud")]
    [InlineData("Logging:Console:LogLevel:Default is '9'; allowed is ", "--Logging:Console:LogLevel:Default=9")]
    [InlineData("Logging:Console:FormatterName is 'xml'; allowed is simple or json or systemd.", "--Logging:Console:FormatterName=xml")]
    [InlineData("Urls has 'http://127.0.0.1:80x'; allowed are addresses such as http://*:9192 or ", "--urls", "http://127.0.0.1:80x")]
    [InlineData("Urls has 'localhost:9192'; allowed are ", "--urls=localhost:9192")]
    [InlineData("Identity:Secret has 3 characters; it needs at least 32. ", "--Identity:Secret=abc")]
    public void An_invalid_argument_is_named(string sentence, params string[] args) =>
        Assert.StartsWith(sentence, Assert.Throws<SettingException>(() => CounterApp.Build(args)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("LIMIT__STREAMS", true)]
    [InlineData("Datta__Directory", true)]
    [InlineData("LIMIT__SOMETHING", false)]
    [InlineData("DELAY__SECONDS", false)]
    [InlineData("OTHER__STREAMS", false)]
    public void In_the_environment_misspelt_sections_are_named_and_foreign_variables_are_not(string variable, bool isOurs)
    {
        const string Prefix = "COUNTER_SETTINGS_TEST_";
        Environment.SetEnvironmentVariable(Prefix + variable, "5");
        try
        {
            var services = new ServiceCollection();
            services.AddSingleton(new SettingsSectionName("Limits", typeof(LimitsOptions), ["Streams"]))
                .AddSingleton(new SettingsSectionName("Data", typeof(DataOptions), ["Directory"]))
                .AddSingleton(new SettingsSectionName("Relay", typeof(RelayOptions), ["Channels"]));
            using var configuration = new ConfigurationManager();
            configuration.AddEnvironmentVariables(Prefix);
            var problem = Record.Exception(() => SettingsCheck.Check(configuration, services));
            Assert.Equal(isOurs, problem is SettingException);
            Assert.True(isOurs || problem is null);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Prefix + variable, null);
        }
    }

    [Theory]
    [InlineData("http://*:9192")]
    [InlineData("http://127.0.0.1:81", "--urls=http://127.0.0.1:81")]
    [InlineData("http://+:82;https://[::1]:83", "--urls=http://+:82;https://[::1]:83")]
    [InlineData(null, "--http_ports=84")]
    [InlineData(null, "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:85")]
    public async Task It_listens_at_the_configured_address_or_on_port_9192(string? urls, params string[] args)
    {
        await using var app = CounterApp.Build(args);
        Assert.Equal(urls, string.IsNullOrEmpty(app.Configuration["urls"]) ? null : app.Configuration["urls"]);
    }

    [Theory]
    [InlineData(ConsoleFormatterNames.Simple)]
    [InlineData(ConsoleFormatterNames.Json, "--Logging:Console:FormatterName=json")]
    public async Task The_log_has_the_configured_format(string formatter, params string[] settings)
    {
        await using var app = CounterApp.Build(settings);
        Assert.Equal(formatter, app.Services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName);
    }

    [Fact]
    public async Task Forwarded_addresses_are_accepted_from_configured_proxies_only()
    {
        const string Page = "http://example.com/a";
        string[] strict = ["--Limits:StreamsPerAddress=1"];
        await using var unknown = await RunningGateway.StartAsync(strict);
        await using var trusted = await RunningGateway.StartAsync([.. strict, "--Proxies:Trusted=127.0.0.1, 10.0.0.0/8"]);
        foreach (var (gateway, live) in new[] { (unknown, true), (trusted, false) })
        {
            using var first = await gateway.OpenAsync("/online.png", "Referer: " + Page, "Sec-Fetch-Dest: image", "X-Forwarded-For: 203.0.113.7");
            using var second = await gateway.OpenAsync("/online.png", "Referer: " + Page, "Sec-Fetch-Dest: image", "X-Forwarded-For: 203.0.113.7");
            using var other = await gateway.OpenAsync("/online.png", "Referer: " + Page, "Sec-Fetch-Dest: image", "X-Forwarded-For: 203.0.113.8");

            // Unknown proxy: all three come from loopback, which is exempt. Trusted: the second is one too many from its address.
            Assert.Equal(live, second.Head.Contains("multipart", StringComparison.Ordinal));
            Assert.Contains("multipart", other.Head, StringComparison.Ordinal);
        }
    }
}
