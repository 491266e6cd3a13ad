// Where logs go. Metrics go wherever otlpEndpoint of main.bicep says.

@description('The Azure region.')
param location string

@description('What the names begin with.')
param prefix string

@description('How many days logs are kept.')
param logDays int

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: '${prefix}-logs'
  location: location
  properties: {
    retentionInDays: logDays
    sku: {
      name: 'PerGB2018'
    }
  }
}

@description('What environments send their logs to.')
output workspaceId string = workspace.id
