// Who an app is: it has no password, and may do only what registry.bicep and storage.bicep say.

@description('The Azure region.')
param location string

@description('What it is called.')
param name string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
}

@description('What an app is given.')
output id string = identity.id

@description('What a program in the app asks tokens for.')
output clientId string = identity.properties.clientId

@description('What roles are assigned to.')
output principalId string = identity.properties.principalId
