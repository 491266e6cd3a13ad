// Counter on Azure Container Apps: this file only wires the modules. docs/azure.md has the steps, docs/azure-reference.md the reasons.
targetScope = 'resourceGroup'

@description('One silo: a container app of its own with two ports of the internal environment that no other silo has.')
type siloApp = {
  @description('What its app is called after the prefix, such as a.')
  @minLength(1)
  @maxLength(8)
  name: string

  @description('Where silos reach it. 36985 belongs to the platform.')
  @minValue(1024)
  @maxValue(65535)
  siloPort: int

  @description('Where gateways reach it. 36985 belongs to the platform.')
  @minValue(1024)
  @maxValue(65535)
  gatewayPort: int

  @description('Its image, sha256: and 64 hexadecimal digits. Each silo has its own, as a silo is updated by one that takes its place.')
  @minLength(71)
  @maxLength(71)
  digest: string
}

@description('The Azure region.')
param location string = resourceGroup().location

@description('What the names of all resources begin with: lower-case letters and digits.')
@minLength(3)
@maxLength(10)
param prefix string = 'counter'

@description('The container registry, whose name nobody else in Azure has. It is made before the first images (registry.bicep).')
@minLength(5)
@maxLength(50)
param registryName string

@description('The image of the gateways, sha256: and 64 hexadecimal digits. It stands behind an @, where no tag is allowed.')
@minLength(71)
@maxLength(71)
param gatewayDigest string

@description('The silos: two at least, so that one may die. See the type.')
@minLength(2)
param silos siloApp[]

@description('Names the Orleans cluster: silos and gateways with the same name find each other. Another name makes another cluster.')
param clusterId string = 'counter'

@description('Names the service whose state the storage keeps. Keep it for ever.')
param serviceId string = 'counter'

@description('The operator\'s key. At least 32 characters.')
@secure()
@minLength(32)
param adminKey string

@description('Addresses of the network. Two subnets are cut from it, so it is a /22 or larger. Fixed once it is deployed.')
param networkPrefix string = '10.42.0.0/22'

@description('Whether both environments are spread over the zones of the region, which must have some. Fixed once it is deployed.')
param zoneRedundant bool = false

@description('How storage is replicated.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_LRS'

@description('Who else than the two subnets may reach the storage, with a token: Deny is nobody.')
@allowed(['Allow', 'Deny'])
param storageDefaultAction string = 'Deny'

@description('Whether role assignments are made. False for a deployment by who may not make them; they must be there by then.')
param assignRoles bool = true

@description('The fewest gateways. Be generous: a gateway that is taken away ends its streams.')
@minValue(2)
@maxValue(300)
param gatewayMinReplicas int = 3

@description('The most gateways.')
@minValue(2)
@maxValue(300)
param gatewayMaxReplicas int = 12

@description('Streams that one gateway holds. A full gateway is not ready and gets no more.')
@minValue(1000)
@maxValue(1000000)
param gatewayStreams int = 20000

@description('The machines that the ingress runs on, for nothing else.')
param ingressProfileType string = 'D4'

@description('The most of these machines. There are two at least.')
@minValue(2)
@maxValue(100)
param ingressMaxNodes int = 4

@description('A domain of your own, such as counter.example; empty: only the name that Azure gives.')
param customDomain string = ''

@description('The resource id of the certificate of that domain in the public environment; empty: the domain is known and not yet served.')
param certificateId string = ''

@description('Where metrics and traces are sent, as OTLP over gRPC, such as http://collector.example:4317; empty: nowhere.')
param otlpEndpoint string = ''

@description('How many days logs are kept.')
@minValue(30)
@maxValue(730)
param logDays int = 30

// Two silos behind one port would take each other's messages.
var ports = flatten(map(silos, silo => [silo.siloPort, silo.gatewayPort]))
var distinctSilos = length(union(ports, ports)) == length(ports) && !contains(ports, 36985)
  ? silos
  : fail('silos: every port may be used once, and 36985 not at all.')

module network 'network.bicep' = {
  name: 'network'
  params: {
    location: location
    prefix: prefix
    addressPrefix: networkPrefix
  }
}

module monitoring 'monitoring.bicep' = {
  name: 'monitoring'
  params: {
    location: location
    prefix: prefix
    logDays: logDays
  }
}

module gatewayIdentity 'identity.bicep' = {
  name: 'identity-gateway'
  params: {
    location: location
    name: '${prefix}-gateway'
  }
}

module siloIdentity 'identity.bicep' = {
  name: 'identity-silo'
  params: {
    location: location
    name: '${prefix}-silo'
  }
}

module registry 'registry.bicep' = {
  name: 'registry'
  params: {
    location: location
    name: registryName
    assignRoles: assignRoles
    pullers: [gatewayIdentity.outputs.principalId, siloIdentity.outputs.principalId]
  }
}

module storage 'storage.bicep' = {
  name: 'storage'
  params: {
    location: location
    name: take('${prefix}${uniqueString(resourceGroup().id)}', 24)
    sku: storageSku
    defaultAction: storageDefaultAction
    subnetIds: [network.outputs.gatewaySubnetId, network.outputs.siloSubnetId]
    assignRoles: assignRoles
    gatewayPrincipalId: gatewayIdentity.outputs.principalId
    siloPrincipalId: siloIdentity.outputs.principalId
  }
}

module publicEnvironment 'environment.bicep' = {
  name: 'public-environment'
  params: {
    location: location
    name: '${prefix}-public'
    subnetId: network.outputs.gatewaySubnetId
    internal: false
    zoneRedundant: zoneRedundant
    workspaceId: monitoring.outputs.workspaceId
    workloadProfiles: [
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
      {
        name: 'ingress'
        workloadProfileType: ingressProfileType
        minimumCount: 2
        maximumCount: ingressMaxNodes
      }
    ]
    // The premium ingress. A stream is never idle for more than 15 s (Streaming:RefreshSeconds), so the half hour is for slow
    // publishers and for what may be wrong with that. A proxy that goes lets its streams live for an hour: most pages are closed by then.
    ingressConfiguration: {
      workloadProfileName: 'ingress'
      requestIdleTimeout: 30
      terminationGracePeriodSeconds: 3600
    }
  }
}

module internalEnvironment 'environment.bicep' = {
  name: 'internal-environment'
  params: {
    location: location
    name: '${prefix}-internal'
    subnetId: network.outputs.siloSubnetId
    internal: true
    zoneRedundant: zoneRedundant
    workspaceId: monitoring.outputs.workspaceId
    workloadProfiles: [
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
    ]
  }
}

module siloApps 'silo.bicep' = [for silo in distinctSilos: {
  name: 'silo-${silo.name}'
  params: {
    location: location
    name: '${prefix}-silo-${silo.name}'
    environmentId: internalEnvironment.outputs.id
    advertisedAddress: internalEnvironment.outputs.staticIp
    siloPort: silo.siloPort
    gatewayPort: silo.gatewayPort
    image: '${registry.outputs.loginServer}/counter-silo@${silo.digest}'
    registryServer: registry.outputs.loginServer
    identityId: siloIdentity.outputs.id
    identityClientId: siloIdentity.outputs.clientId
    clusterId: clusterId
    serviceId: serviceId
    tableEndpoint: storage.outputs.tableEndpoint
    blobEndpoint: storage.outputs.blobEndpoint
    otlpEndpoint: otlpEndpoint
  }
}]

module gateway 'gateway.bicep' = {
  name: 'gateway'
  params: {
    location: location
    name: '${prefix}-gateway'
    environmentId: publicEnvironment.outputs.id
    image: '${registry.outputs.loginServer}/counter-gateway@${gatewayDigest}'
    registryServer: registry.outputs.loginServer
    identityId: gatewayIdentity.outputs.id
    identityClientId: gatewayIdentity.outputs.clientId
    clusterId: clusterId
    serviceId: serviceId
    tableEndpoint: storage.outputs.tableEndpoint
    blobEndpoint: storage.outputs.blobEndpoint
    adminKey: adminKey
    trustedProxies: network.outputs.ingressPrefixes
    streams: gatewayStreams
    minReplicas: gatewayMinReplicas
    maxReplicas: gatewayMaxReplicas
    customDomain: customDomain
    certificateId: certificateId
    otlpEndpoint: otlpEndpoint
  }
}

@description('The address that Azure gives the gateways.')
output gatewayHost string = gateway.outputs.host

@description('Where an A record of a domain of your own points to.')
output publicAddress string = publicEnvironment.outputs.staticIp

@description('What a TXT record asuid.<your domain> must say before Azure serves the domain.')
output domainVerification string = gateway.outputs.domainVerification

@description('What silos advertise: an address of the network that nobody outside reaches.')
output siloAddress string = internalEnvironment.outputs.staticIp
