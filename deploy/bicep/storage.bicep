// The storage account of the cluster: who is a member, who listens to which stream, and the state of the grains.

@description('The Azure region.')
param location string

@description('What it is called: 3 to 24 lower-case letters and digits, and nobody else in Azure has that name.')
@minLength(3)
@maxLength(24)
param name string

@description('How it is replicated.')
param sku string

@description('Who else than the subnets may reach it: Deny is nobody.')
param defaultAction string

@description('The subnets that may reach it.')
param subnetIds string[]

@description('Whether role assignments are made here.')
param assignRoles bool

@description('The gateways: they read who is a silo.')
param gatewayPrincipalId string

@description('The silos: they write who is a silo, and all state.')
param siloPrincipalId string

var tableDataContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3')
var blobDataContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')

resource storage 'Microsoft.Storage/storageAccounts@2026-04-01' = {
  name: name
  location: location
  kind: 'StorageV2'
  sku: {
    name: sku
  }
  properties: {
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    networkAcls: {
      bypass: 'None'
      defaultAction: defaultAction
      virtualNetworkRules: [for subnetId in subnetIds: {
        id: subnetId
        action: 'Allow'
      }]
    }
  }
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices@2026-04-01' = {
  parent: storage
  name: 'default'
}

// Orleans' own name for it. Made here so that gateways can be given this table alone: a client of the cluster insists on
// making the table if it is not there, so reading it is not enough.
resource members 'Microsoft.Storage/storageAccounts/tableServices/tables@2026-04-01' = {
  parent: tables
  name: 'OrleansSiloInstances'
}

resource gatewaysFindSilos 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (assignRoles) {
  name: guid(members.id, gatewayPrincipalId, tableDataContributor)
  scope: members
  properties: {
    principalId: gatewayPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: tableDataContributor
  }
}

resource silosKeepTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (assignRoles) {
  name: guid(storage.id, siloPrincipalId, tableDataContributor)
  scope: storage
  properties: {
    principalId: siloPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: tableDataContributor
  }
}

resource silosKeepState 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (assignRoles) {
  name: guid(storage.id, siloPrincipalId, blobDataContributor)
  scope: storage
  properties: {
    principalId: siloPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: blobDataContributor
  }
}

@description('Where tables are.')
output tableEndpoint string = storage.properties.primaryEndpoints.table

@description('Where blobs are.')
output blobEndpoint string = storage.properties.primaryEndpoints.blob
