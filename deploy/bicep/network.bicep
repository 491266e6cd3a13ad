// One network with a subnet for each environment.

@description('The Azure region.')
param location string

@description('What the names begin with.')
param prefix string

@description('Addresses of the network: a /22 or larger.')
param addressPrefix string

// 242 addresses: an ingress or gateway machine takes one, twice that many while revisions change.
var gatewayPrefix = cidrSubnet(addressPrefix, 24, 0)

// 50 addresses: ten silos take one, twice that many while a revision changes.
var siloPrefix = cidrSubnet(addressPrefix, 26, 4)

var delegations = [
  {
    name: 'environments'
    properties: {
      serviceName: 'Microsoft.App/environments'
    }
  }
]

// The storage account takes requests from these subnets only.
var serviceEndpoints = [
  {
    service: 'Microsoft.Storage'
  }
]

// Orleans asks nobody who they are: whoever reaches a silo's ports is believed. So only gateways and silos do.
resource siloGuard 'Microsoft.Network/networkSecurityGroups@2025-07-01' = {
  name: '${prefix}-silos'
  location: location
  properties: {
    securityRules: [
      {
        name: 'gateways-and-silos'
        properties: {
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: '*'
          sourceAddressPrefixes: [gatewayPrefix, siloPrefix]
          sourcePortRange: '*'
          destinationAddressPrefix: siloPrefix
          destinationPortRange: '*'
        }
      }
      {
        name: 'health-of-the-load-balancer'
        properties: {
          priority: 110
          direction: 'Inbound'
          access: 'Allow'
          protocol: '*'
          sourceAddressPrefix: 'AzureLoadBalancer'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
      {
        name: 'nobody-else'
        properties: {
          priority: 4096
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2025-07-01' = {
  name: '${prefix}-network'
  location: location
  properties: {
    addressSpace: {
      addressPrefixes: [addressPrefix]
    }
    subnets: [
      {
        name: 'gateways'
        properties: {
          addressPrefix: gatewayPrefix
          delegations: delegations
          serviceEndpoints: serviceEndpoints
        }
      }
      {
        name: 'silos'
        properties: {
          addressPrefix: siloPrefix
          delegations: delegations
          serviceEndpoints: serviceEndpoints
          networkSecurityGroup: {
            id: siloGuard.id
          }
        }
      }
    ]
  }
}

@description('The subnet of the public environment.')
output gatewaySubnetId string = '${network.id}/subnets/gateways'

@description('The subnet of the internal environment.')
output siloSubnetId string = '${network.id}/subnets/silos'

@description('Where the ingress of the public environment speaks to gateways from: the subnet, and what Container Apps keeps for itself.')
output ingressPrefixes string = '${gatewayPrefix},100.100.0.0/16'
