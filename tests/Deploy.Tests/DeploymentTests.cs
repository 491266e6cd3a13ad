using Counter.Deploy.Tests.Checks;
using Xunit;

namespace Counter.Deploy.Tests;

/// <summary>The rules beyond those of the compiler, and that each detects its mistake.</summary>
public sealed class DeploymentTests
{
    [Fact]
    public void The_texts_have_no_complaint() => Assert.Empty(new Deployment().ProblemsOfTexts());

    [Fact]
    public async Task The_compiled_template_has_no_complaint() => Assert.Empty(new Deployment().Problems(await Compiled.GetAsync()));

    [Fact]
    public void The_guide_shows_lists_of_silos() => Assert.NotEmpty(PortCheck.Lists(new Deployment()[Deployment.Guide]));

    [Theory]
    [InlineData("\"gateway\":{\"type\":\"Microsoft.Resources/deployments\"", "\"gateway\":{\"type\":\"Microsoft.App/containerApps\"", "'gateway' is a resource")]
    [InlineData("\"name\":\"monitoring\"", "\"name\":\"[format('monitoring-{0}', uniqueString('monitoring', deployment().name))]\"", "'monitoring' has no name")]
    [InlineData("The Azure region.", "The Azure region", "is no sentence")]
    [InlineData("\"minLength\":71,\"maxLength\":71,\"metadata\":{\"description\":\"The image of", "\"minLength\":71,\"metadata\":{\"description\":\"The image of", "gatewayDigest may have another length")]
    [InlineData("\"minLength\":71,\"maxLength\":71,\"metadata\":{\"description\":\"Its image", "\"maxLength\":71,\"metadata\":{\"description\":\"Its image", "digest may have another length")]
    [InlineData("\"securestring\"", "\"string\"", "'adminKey' sounds secret and is not @secure()")]
    [InlineData("\"type\":\"securestring\"", "\"type\":\"securestring\",\"defaultValue\":\"\"", "'adminKey' is secure and has a default")]
    [InlineData("[reference(resourceId('Microsoft.App/containerApps', parameters('name')), '2026-01-01').configuration.ingress.fqdn]", "[parameters('adminKey')]", "outputs.host.value: a secret is here")]
    [InlineData("{\"name\":\"Streaming__DrainSeconds\",\"value\":\"30\"}", "{\"name\":\"Streaming__DrainSeconds\",\"value\":\"[parameters('adminKey')]\"}", "value: a secret is here")]
    [InlineData("\"clusterId\":{\"value\":\"[parameters('clusterId')]\"}", "\"clusterId\":{\"value\":\"[parameters('adminKey')]\"}", "clusterId.value: a secret is here")]
    [InlineData("[resourceId('Microsoft.OperationalInsights/workspaces', format('{0}-logs', parameters('prefix')))]", "[reference('workspace').sharedKey]", "output 'workspaceId' sounds secret")]
    [InlineData("primaryEndpoints.blob]", "primaryEndpoints.blob, listKeys('storage').keys[0].value]", "hands out keys")]
    [InlineData("\"Cluster__Store\",\"value\":\"AzureStorage\"", "\"Cluster__Store\",\"value\":\"AccountKey=x\"", "hands out keys")]
    public Task A_wrong_template_is_a_complaint(string what, string with, string expected) => IsFoundAsync(Deployment.Template, what, with, expected);

    [Theory]
    [InlineData("containerApps\",\"name\":\"longprefix-gateway\",\"apiVersion\":\"2026-01-01\"", "containerApps\",\"name\":\"longprefix-gateway\",\"apiVersion\":\"2025-07-01\"", "Microsoft.App/containerApps has several versions")]
    [InlineData("/default\",\"apiVersion\":\"2026-04-01\"", "/default\",\"apiVersion\":\"2025-06-01\"", "Microsoft.Storage/storageAccounts has several versions")]
    [InlineData("\"apiVersion\":\"2026-01-01\"", "\"apiVersion\":\"2026-03-02-preview\"", "is a preview")]
    [InlineData("longprefix-silo-longname", "longprefix-silo-longname-longname", "cannot be called 'longprefix-silo-longname-longname'")]
    [InlineData("silo-b", "silo-longname", "is made twice")]
    [InlineData("Microsoft.Network/virtualNetworks\",", "Microsoft.Network/networks\",", "There is no Microsoft.Network/virtualNetworks any more")]
    public Task A_wrong_name_or_version_is_a_complaint(string what, string with, string expected) => IsFoundAsync(Deployment.Resources, what, with, expected);

    [Theory]
    [InlineData("\"allowSharedKeyAccess\":false", "\"allowSharedKeyAccess\":true", "allowSharedKeyAccess is not false")]
    [InlineData("\"allowBlobPublicAccess\":false,", "", "allowBlobPublicAccess is not false")]
    [InlineData("\"adminUserEnabled\":false,", "", "adminUserEnabled is not false")]
    [InlineData("\"anonymousPullEnabled\":false", "\"anonymousPullEnabled\":true", "anonymousPullEnabled is not false")]
    [InlineData("\"name\":\"[guid('", "\"name\":\"[guid('x', '", "must be called guid")]
    [InlineData("\"[extensionResourceId('", "\"[resourceId('", "is not for one resource")]
    [InlineData("/tables/OrleansSiloInstances'", "'", "gateway: Storage Table Data Contributor on tableServices is more than is needed")]
    [InlineData("7f951dda-4ed3-4680-a7ca-43fe172d538d", "b24988ac-6180-42a0-ab88-20f7382dd24c", "b24988ac-6180-42a0-ab88-20f7382dd24c on registries is more than is needed")]
    [InlineData("ba92f5b4-2d11-453d-a403-e96b0029c9fe", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", "silo: Storage Blob Data Contributor on storageAccounts is missing")]
    [InlineData("\"type\":\"UserAssigned\"", "\"type\":\"SystemAssigned\"", "is not the one identity")]
    [InlineData("/longprefix-silo\":{}", "/longprefix-gateway\":{}", "is not the one identity that is made for a silo")]
    [InlineData("/longprefix-silo\"}]", "/longprefix-gateway\"}]", "does not pull its image as")]
    [InlineData("/longprefix-silo', '2024-11-30').clientId", "/longprefix-gateway', '2024-11-30').clientId", "asks for tokens as somebody else")]
    public Task An_excessive_role_or_key_is_a_complaint(string what, string with, string expected) => IsFoundAsync(Deployment.Resources, what, with, expected);

    [Theory]
    [InlineData("\"terminationGracePeriodSeconds\":60", "\"terminationGracePeriodSeconds\":600", "the time to stop")]
    [InlineData("\"terminationGracePeriodSeconds\":60,", "", "the time to stop")]
    [InlineData("\"Streaming__DrainSeconds\",\"value\":\"30\"", "\"Streaming__DrainSeconds\",\"value\":\"50\"", "the time to stop")]
    [InlineData("\"custom\":{\"type\":\"cpu\"", "\"http\":{\"type\":\"cpu\"", "scales on requests")]
    [InlineData("\"maxReplicas\":1}", "\"maxReplicas\":2}", "has an address for one replica")]
    [InlineData("\"minReplicas\":5", "\"minReplicas\":1", "may be down to one replica")]
    [InlineData("\"minReplicas\":5", "\"minReplicas\":9", "has a range that is none")]
    [InlineData("/counter-gateway@{1}'", "/counter-gateway:{1}'", "The image of longprefix-gateway")]
    [InlineData("'sha256:", "'latest', 'sha256:", "The image of longprefix-silo-b")]
    [InlineData("\"type\":\"Liveness\"", "\"type\":\"Readiness\"", "needs one probe each")]
    [InlineData("\"port\":9193", "\"port\":9192", "does not expose port 9192 of a silo")]
    [InlineData("\"targetPort\":9192", "\"targetPort\":8080", "does not expose port 8080 of a gateway")]
    [InlineData("\"tcpSocket\":{\"port\":11112}", "\"tcpSocket\":{\"port\":11113}", "is probed at port 11113")]
    [InlineData("/health/ready", "/health/fine", "is probed at /health/fine")]
    [InlineData("\"exposedPort\":30001", "\"exposedPort\":30000", "Port 30000 of the environment")]
    [InlineData("30001", "36985", "Port 36985 of the environment")]
    [InlineData("\"Cluster__SiloPort\",\"value\":\"11112\"", "\"Cluster__SiloPort\",\"value\":\"11111\"", "does not have the ports")]
    [InlineData("\"targetPort\":30001", "\"targetPort\":30000", "does not have the ports")]
    [InlineData("\"minimumCount\":2,", "\"minimumCount\":1,", "The premium ingress of longprefix-public")]
    [InlineData("\"requestIdleTimeout\":30", "\"requestIdleTimeout\":4", "The premium ingress of longprefix-public")]
    [InlineData("\"workloadProfileName\":\"Consumption\"", "\"workloadProfileName\":\"ingress\"", "The premium ingress of longprefix-public")]
    [InlineData("\"internal\":true", "\"internal\":false", "longprefix-internal shows silos to everybody")]
    [InlineData("\"internal\":false", "\"internal\":true", "longprefix-public shows silos to everybody, or gateways to nobody")]
    [InlineData("\"Limits__Streams\"", "\"Limits__Stream\"", "`Limits:Stream` is documented nowhere")]
    [InlineData("\"Limits__Streams\"", "\"Limits__Stream\"", "no program has a setting Limits:Stream.")]
    [InlineData("\"Streaming__DrainSeconds\"", "\"Streaming__Streams\"", "no program has a setting Streaming:Streams.")]
    public Task A_wrong_app_is_a_complaint(string what, string with, string expected) => IsFoundAsync(Deployment.Resources, what, with, expected);

    [Theory]
    [InlineData(Deployment.Parameters, "'COUNTER_REGISTRY'", "'COUNTER_REGISTER'", "`COUNTER_REGISTER` is documented nowhere")]
    [InlineData("deploy/bicep/main.bicep", " 'monitoring.bicep' = ", " 'logs.bicep' = ", "monitoring.bicep: no module uses it")]
    [InlineData(Deployment.Parameters, "\"siloPort\":11112", "\"siloPort\":11111", "port 11111 is used 2 times")]
    [InlineData(Deployment.Parameters, "\"siloPort\":11112", "\"siloPort\":30000", "port 30000 is used 2 times")]
    [InlineData(Deployment.Guide, "\"gatewayPort\":30001", "\"gatewayPort\":36985", "port 36985 cannot be used")]
    [InlineData(Deployment.Parameters, "{\"name\":\"b\"", "{\"name\":\"a\"", "two silos have one name")]
    [InlineData(Deployment.Workflow, "deploy/bicep/main.bicepparam", "deploy/bicep/main.bicepparams", "there is no deploy/bicep/main.bicepparams")]
    [InlineData(Deployment.Workflow, "vars.COUNTER_SILOS", "vars.COUNTER_SILO", "`COUNTER_SILO` is documented nowhere")]
    [InlineData(Deployment.Workflow, "secrets.COUNTER_ADMIN_KEY", "secrets.COUNTER_KEY", "`COUNTER_KEY` is documented nowhere")]
    [InlineData(Deployment.Workflow, "permissions:\n  contents: read\n", "permissions: write-all\n", "a job may do more than read")]
    [InlineData(Deployment.Workflow, "    steps:\n", "\tsteps:\n", "YAML has no tabs")]
    [InlineData(Deployment.Workflow, "            echo \"counter-$image@$digest\"", "            echo ${{ inputs.x }}", "what it says becomes code")]
    [InlineData(Deployment.Workflow, "az acr login --name \"$COUNTER_REGISTRY\"", "az acr login --name ${{ vars.COUNTER_REGISTRY }}", "what it says becomes code")]
    public void A_wrong_text_is_a_complaint(string path, string what, string with, string expected) =>
        Assert.Contains(new Deployment().Break(path, what, with).ProblemsOfTexts(), problem => problem.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void An_action_without_a_commit_is_a_complaint()
    {
        var deployment = new Deployment();
        var pinned = deployment[Deployment.Workflow].Split('\n').First(line => line.Contains("uses: actions/checkout@", StringComparison.Ordinal));

        Assert.Contains(deployment.Break(Deployment.Workflow, pinned, "      - uses: actions/checkout@v5").ProblemsOfTexts(),
            problem => problem.Contains("actions/checkout@v5 is not pinned", StringComparison.Ordinal));
    }

    private static async Task IsFoundAsync(string part, string what, string with, string expected)
    {
        var compiled = await Compiled.GetAsync();
        Assert.Contains(new Deployment().Break(compiled, part, what, with).Problems(compiled), problem => problem.Contains(expected, StringComparison.Ordinal));
    }
}
