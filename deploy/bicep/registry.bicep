// The container registry. It can be deployed alone, before there are images.

@description('The Azure region.')
param location string = resourceGroup().location

@description('What it is called: letters and digits, and nobody else in Azure has that name.')
@minLength(5)
@maxLength(50)
param name string

@description('Principals that may pull images, and nothing else.')
param pullers string[] = []

@description('Whether role assignments are made here.')
param assignRoles bool = true

var acrPull = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')

resource registry 'Microsoft.ContainerRegistry/registries@2025-11-01' = {
  name: name
  location: location
  sku: {
    name: 'Basic'
  }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
    // The other mode has roles of its own for each repository, and knows no AcrPull.
    roleAssignmentMode: 'LegacyRegistryPermissions'
  }
}

resource pull 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for puller in pullers: if (assignRoles) {
  name: guid(registry.id, puller, acrPull)
  scope: registry
  properties: {
    principalId: puller
    principalType: 'ServicePrincipal'
    roleDefinitionId: acrPull
  }
}]

@description('What images begin with, such as name.azurecr.io.')
output loginServer string = registry.properties.loginServer
