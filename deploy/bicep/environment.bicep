// An environment of Container Apps: the public one of the gateways, or the internal one of the silos.

@description('The Azure region.')
param location string

@description('What it is called.')
param name string

@description('The subnet that it has for itself.')
param subnetId string

@description('Whether only the network reaches it. Fixed once it is deployed.')
param internal bool

@description('Whether it is spread over the zones of the region. Fixed once it is deployed.')
param zoneRedundant bool

@description('Which machines it has.')
param workloadProfiles resourceInput<'Microsoft.App/managedEnvironments@2026-01-01'>.properties.workloadProfiles

@description('The premium ingress; null: the ordinary one, which ends what is idle for 240 s.')
param ingressConfiguration resourceInput<'Microsoft.App/managedEnvironments@2026-01-01'>.properties.ingressConfiguration?

@description('Where its logs go.')
param workspaceId string

resource environment 'Microsoft.App/managedEnvironments@2026-01-01' = {
  name: name
  location: location
  properties: {
    // The other way to a workspace wants its key.
    appLogsConfiguration: {
      destination: 'azure-monitor'
    }
    vnetConfiguration: {
      infrastructureSubnetId: subnetId
      internal: internal
    }
    workloadProfiles: workloadProfiles
    ingressConfiguration: ingressConfiguration
    zoneRedundant: zoneRedundant
  }
}

// Every version of this type since 2016 is a preview. What the ingress logs about requests is left out: it has addresses of visitors.
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'logs'
  scope: environment
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'ContainerAppConsoleLogs'
        enabled: true
      }
      {
        category: 'ContainerAppSystemLogs'
        enabled: true
      }
    ]
  }
}

@description('What apps are put into.')
output id string = environment.id

@description('Where it is reached: a public address, or one of the network.')
output staticIp string = environment.properties.staticIp
