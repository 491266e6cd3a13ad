using Counter.Deploy.Tests.Checks;
using Xunit;

namespace Counter.Deploy.Tests;

/// <summary>
/// There is no Bicep compiler where Counter is built, so this reads the files itself. What it cannot know is which properties a
/// resource has, and what a value's type is: <c>az deployment group what-if</c> does.
/// </summary>
public sealed class DeploymentTests
{
    private const string Bicep = "deploy/bicep/";

    [Fact]
    public void NothingIsWrongWithIt() => Assert.Empty(new Deployment().Problems());

    [Fact]
    public void TheGuideShowsListsOfSilos() => Assert.NotEmpty(PortCheck.Lists(new Deployment()[Deployment.Guide]));

    [Theory]
    [InlineData("main.bicep", "module network 'network.bicep' = {", "module network 'network.bicep' = {{", "'{' is not closed")]
    [InlineData("main.bicep", "param prefix string = 'counter'", "param prefix string = 'counter", "a text does not end")]
    [InlineData("main.bicep", "'${prefix}-gateway'", "'${prefix-gateway'", "a text does not end")]
    [InlineData("main.bicep", "prefix: prefix\n    addressPrefix", "prefix: prefx\n    addressPrefix", "'prefx' is not declared")]
    [InlineData("main.bicep", "uniqueString(", "uniqString(", "'uniqString' is no function")]
    [InlineData("main.bicep", "param silos siloApp[]", "param silos siloAp[]", "the type of 'silos' is not declared")]
    [InlineData("main.bicep", "@secure()", "@secret()", "'@secret' is no decorator")]
    [InlineData("main.bicep", "    zoneRedundant: zoneRedundant\n", "    zoneRedundant: false\n", "'zoneRedundant' is never used")]
    [InlineData("storage.bicep", "resource silosKeepState ", "resource silosKeepTables ", "'silosKeepTables' is declared twice")]
    [InlineData("network.bicep", "output siloSubnetId ", "output gatewaySubnetId ", "'gatewaySubnetId' is declared twice")]
    [InlineData("gateway.bicep", "var port = 9192", "var port = 9192\nvar spare = 1", "'spare' is never used")]
    public void ATextThatIsNotSoundIsFound(string file, string what, string with, string said) => IsFound(Bicep + file, what, with, said);

    [Theory]
    [InlineData("main.bicep", "'network.bicep'", "'networks.bicep'", "there is no networks.bicep")]
    [InlineData("main.bicep", "'network.bicep'", "'networks.bicep'", "network.bicep: no module uses it")]
    [InlineData("main.bicep", "    prefix: prefix\n    addressPrefix", "    addressPrefix", "does not pass 'prefix', which network.bicep needs")]
    [InlineData("main.bicep", "logDays: logDays", "days: logDays", "passes 'days', which monitoring.bicep does not have")]
    [InlineData("main.bicep", "logDays: logDays", "logDays: logDays\n    logDays: 30", "passes 'logDays' twice")]
    [InlineData("main.bicep", "  name: 'monitoring'\n", "", "module 'monitoring' has no name")]
    [InlineData("main.bicep", "network.outputs.siloSubnetId", "network.outputs.silosSubnetId", "'network' has no output 'silosSubnetId'")]
    [InlineData("main.bicep", "network.outputs.siloSubnetId", "siloApps.outputs.id", "'siloApps' has no output 'id'")]
    [InlineData("main.bicep", "module network ", "resource extra 'Microsoft.Network/virtualNetworks@2025-07-01' = {}\nmodule network ", "wires modules")]
    [InlineData("main.bicepparam", "./main.bicep", "./mein.bicep", "there is no './mein.bicep'")]
    [InlineData("main.bicepparam", "param registryName ", "param registry ", "does not pass 'registryName'")]
    [InlineData("main.bicepparam", "param registryName ", "param registry ", "passes 'registry'")]
    public void AModuleThatDoesNotFitIsFound(string file, string what, string with, string said) => IsFound(Bicep + file, what, with, said);

    [Theory]
    [InlineData("silo.bicep", "containerApps@2026-01-01", "containerApps@2025-07-01", "Microsoft.App/containerApps has several versions")]
    [InlineData("storage.bicep", "tableServices@2026-04-01", "tableServices@2025-06-01", "Microsoft.Storage/storageAccounts has several versions")]
    [InlineData("environment.bicep", "managedEnvironments@2026-01-01", "managedEnvironments@2026-03-02-preview", "is a preview")]
    [InlineData("environment.bicep", "managedEnvironments@2026-01-01", "managedEnvironments@latest", "is no type with a version")]
    public void AVersionThatDoesNotFitIsFound(string file, string what, string with, string said) => IsFound(Bicep + file, what, with, said);

    [Theory]
    [InlineData("storage.bicep", "allowSharedKeyAccess: false", "allowSharedKeyAccess: true", "allowSharedKeyAccess is not false")]
    [InlineData("registry.bicep", "    adminUserEnabled: false\n", "", "adminUserEnabled is not false")]
    [InlineData("storage.bicep", "storage.properties.primaryEndpoints.blob", "storage.listKeys().keys[0].value", "listKeys hands out keys")]
    [InlineData("storage.bicep", "storage.properties.primaryEndpoints.blob", "'AccountKey=${name}'", "an account's key")]
    [InlineData("monitoring.bicep", "output workspaceId string = workspace.id", "output workspaceId string = workspace.properties.sharedKey", "sounds secret")]
    [InlineData("gateway.bicep", "output host string = app.properties.configuration.ingress.fqdn", "output host string = adminKey", "'adminKey' is secret")]
    [InlineData("gateway.bicep", "{ name: 'Orleans__ClusterId', value: clusterId }", "{ name: 'Orleans__ClusterId', value: adminKey }", "'adminKey' is secret")]
    [InlineData("gateway.bicep", "@secure()\n", "", "'adminKey' sounds secret and is not @secure()")]
    [InlineData("gateway.bicep", "param adminKey string", "param adminKey string = ''", "is secret and has a default")]
    [InlineData("main.bicep", "    clusterId: clusterId\n", "    clusterId: adminKey\n", "'adminKey' is secret")]
    public void ASecretThatGetsOutIsFound(string file, string what, string with, string said) => IsFound(Bicep + file, what, with, said);

    [Theory]
    [InlineData("registry.bicep", "guid(registry.id, puller, acrPull)", "'pull'", "must be called guid")]
    [InlineData("storage.bicep", "guid(storage.id, siloPrincipalId, blobDataContributor)", "guid(storage.id, siloPrincipalId, tableDataContributor)", "must be called guid")]
    [InlineData("storage.bicep", "  scope: members\n", "", "is not for one resource")]
    [InlineData("registry.bicep", "7f951dda-4ed3-4680-a7ca-43fe172d538d", "b24988ac-6180-42a0-ab88-20f7382dd24c", "gives none of")]
    public void ARoleThatIsTooMuchIsFound(string file, string what, string with, string said) => IsFound(Bicep + file, what, with, said);

    [Theory]
    [InlineData("gateway.bicep", "terminationGracePeriodSeconds: 60", "terminationGracePeriodSeconds: 600", "the time to stop")]
    [InlineData("gateway.bicep", "'Streaming__DrainSeconds', value: '30'", "'Streaming__DrainSeconds', value: '50'", "the time to stop")]
    [InlineData("silo.bicep", "      terminationGracePeriodSeconds: 60\n", "", "the time to stop")]
    [InlineData("silo.bicep", "type: 'Liveness'", "type: 'Readiness'", "needs one probe each")]
    [InlineData("silo.bicep", "maxReplicas: 1", "maxReplicas: 2", "has an address for one replica")]
    [InlineData("silo.bicep", "exposedPort: gatewayPort", "exposedPort: 30000", "two silos would share it")]
    [InlineData("gateway.bicep", "name: 'cpu'\n            custom: {", "name: 'cpu'\n            http: {", "scales on requests")]
    [InlineData("gateway.bicep", "image: image", "image: 'counter-gateway:latest'", "its image is not a parameter")]
    [InlineData("main.bicep", "minimumCount: 2", "minimumCount: 1", "the premium ingress of 'publicEnvironment'")]
    [InlineData("main.bicep", "requestIdleTimeout: 30", "requestIdleTimeout: 4", "the premium ingress of 'publicEnvironment'")]
    [InlineData("main.bicep", "workloadProfileName: 'gateways'", "workloadProfileName: 'ingress'", "the premium ingress of 'publicEnvironment'")]
    [InlineData("main.bicep", "counter-gateway@$", "counter-gateway:$", "the image of 'gateway'")]
    [InlineData("main.bicep", "@maxLength(71)\nparam gatewayDigest", "param gatewayDigest", "'gatewayDigest' may have another length")]
    [InlineData("main.bicep", "  @minLength(71)\n  @maxLength(71)\n  digest", "  @minLength(71)\n  digest", "'digest' may have another length")]
    public void AnAppThatWouldFailItsVisitorsIsFound(string file, string what, string with, string said) => IsFound(Bicep + file, what, with, said);

    [Theory]
    [InlineData("main.bicep", "@description('The Azure region.')\n", "", "'location' is not described")]
    [InlineData("main.bicep", "  @description('Where silos reach it. 36985 belongs to the platform.')\n", "", "'siloPort' is not described")]
    [InlineData("storage.bicep", "@description('Where tables are.')\n", "@description('')\n", "'tableEndpoint' is not described")]
    [InlineData("gateway.bicep", "'Limits__Streams'", "'Limits__Stream'", "`Limits:Stream` is documented nowhere")]
    [InlineData("gateway.bicep", "'Limits__Streams'", "'Limits__Stream'", "no program has a setting Limits:Stream.")]
    [InlineData("gateway.bicep", "'Streaming__DrainSeconds'", "'Streaming__Streams'", "no program has a setting Streaming:Streams.")]
    [InlineData("main.bicepparam", "'COUNTER_REGISTRY'", "'COUNTER_REGISTER'", "`COUNTER_REGISTER` is documented nowhere")]
    public void WhatNobodyIsToldIsFound(string file, string what, string with, string said) => IsFound(Bicep + file, what, with, said);

    [Theory]
    [InlineData("\"siloPort\":11112", "\"siloPort\":11111", "port 11111 is used 2 times")]
    [InlineData("\"siloPort\":11112", "\"siloPort\":30000", "port 30000 is used 2 times")]
    [InlineData("\"gatewayPort\":30001", "\"gatewayPort\":36985", "port 36985 cannot be used")]
    [InlineData("{\"name\":\"b\"", "{\"name\":\"a\"", "two silos have one name")]
    public void SilosThatShareSomethingAreFound(string what, string with, string said) => IsFound(Bicep + "main.bicepparam", what, with, said);

    [Theory]
    [InlineData("deploy/bicep/main.bicepparam", "deploy/bicep/main.bicepparams", "there is no deploy/bicep/main.bicepparams")]
    [InlineData("vars.COUNTER_SILOS", "vars.COUNTER_SILO", "`COUNTER_SILO` is documented nowhere")]
    [InlineData("secrets.COUNTER_ADMIN_KEY", "secrets.COUNTER_KEY", "`COUNTER_KEY` is documented nowhere")]
    [InlineData("permissions:\n  contents: read\n", "permissions: write-all\n", "a job may do more than read")]
    [InlineData("    steps:\n", "\tsteps:\n", "YAML has no tabs")]
    [InlineData("            echo \"counter-$image@$digest\"", "            echo ${{ inputs.x }}", "what it says becomes code")]
    [InlineData("az acr login --name \"$COUNTER_REGISTRY\"", "az acr login --name ${{ vars.COUNTER_REGISTRY }}", "what it says becomes code")]
    public void AWorkflowThatDoesNotFitIsFound(string what, string with, string said) => IsFound(Deployment.Workflow, what, with, said);

    [Fact]
    public void AnActionThatMayChangeIsFound()
    {
        var deployment = new Deployment();
        var pinned = deployment[Deployment.Workflow].Split('\n').First(line => line.Contains("uses: actions/checkout@", StringComparison.Ordinal));

        Assert.Contains(deployment.Break(Deployment.Workflow, pinned, "      - uses: actions/checkout@v5").Problems(),
            problem => problem.Contains("actions/checkout@v5 is not pinned", StringComparison.Ordinal));
    }

    private static void IsFound(string path, string what, string with, string said) =>
        Assert.Contains(new Deployment().Break(path, what, with).Problems(), problem => problem.Contains(said, StringComparison.Ordinal));
}
