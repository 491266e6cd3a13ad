// One silo: one app with one replica, as silos must reach each one of themselves, and an address leads to an app, not to a replica.

@description('The Azure region.')
param location string

@description('What it is called.')
param name string

@description('The internal environment.')
param environmentId string

@description('The address of the environment, which the silo tells the others.')
param advertisedAddress string

@description('The port of that address where silos reach it.')
param siloPort int

@description('The port of that address where gateways reach it.')
param gatewayPort int

@description('The image, with its digest.')
param image string

@description('The registry of the image.')
param registryServer string

@description('Who it is.')
param identityId string

@description('What it asks tokens for.')
param identityClientId string

@description('Names the cluster.')
param clusterId string

@description('Names the service whose state the storage keeps.')
param serviceId string

@description('Where tables are.')
param tableEndpoint string

@description('Where blobs are.')
param blobEndpoint string

@description('Where metrics are sent; empty: nowhere.')
param otlpEndpoint string

// Where the silo tells how it is.
var healthPort = 9193

// The silo listens on the ports that it advertises: then nobody has to tell the two apart.
var settings = [
  { name: 'Cluster__Store', value: 'AzureStorage' }
  { name: 'Cluster__ClusterId', value: clusterId }
  { name: 'Cluster__ServiceId', value: serviceId }
  { name: 'Cluster__TableEndpoint', value: tableEndpoint }
  { name: 'Cluster__BlobEndpoint', value: blobEndpoint }
  { name: 'Cluster__SiloAddress', value: advertisedAddress }
  { name: 'Cluster__SiloPort', value: string(siloPort) }
  { name: 'Cluster__GatewayPort', value: string(gatewayPort) }
  { name: 'AZURE_CLIENT_ID', value: identityClientId }
]
var telemetry = empty(otlpEndpoint) ? [] : [{ name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: otlpEndpoint }]

resource app 'Microsoft.App/containerApps@2026-01-01' = {
  name: name
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    environmentId: environmentId
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      registries: [
        {
          server: registryServer
          identity: identityId
        }
      ]
      ingress: {
        // Outside of the environment, which is inside of the network.
        external: true
        transport: 'tcp'
        targetPort: siloPort
        exposedPort: siloPort
        additionalPortMappings: [
          {
            external: true
            targetPort: gatewayPort
            exposedPort: gatewayPort
          }
        ]
      }
    }
    template: {
      // Handing over its grains, and leaving the list of members. Containers were seen to be killed after 60 to 80 s whatever this says.
      terminationGracePeriodSeconds: 60
      containers: [
        {
          name: 'silo'
          image: image
          env: concat(settings, telemetry)
          resources: {
            cpu: json('1.0')
            memory: '2Gi'
          }
          // Its web server answers only when it is one of the silos. The others give one up that they do not reach for some 6 s, and
          // nobody reaches one that is not ready: so it must be found ready at once, and nothing may be waited for before that.
          probes: [
            {
              type: 'Startup'
              tcpSocket: {
                port: siloPort
              }
              periodSeconds: 2
              failureThreshold: 10
              timeoutSeconds: 2
            }
            {
              type: 'Readiness'
              httpGet: {
                path: '/health/ready'
                port: healthPort
              }
              periodSeconds: 2
              failureThreshold: 3
              timeoutSeconds: 2
            }
            {
              type: 'Liveness'
              httpGet: {
                path: '/health/live'
                port: healthPort
              }
              initialDelaySeconds: 60
              periodSeconds: 10
              failureThreshold: 10
              timeoutSeconds: 5
            }
          ]
        }
      ]
      scale: {
        minReplicas: 1
        maxReplicas: 1
      }
    }
  }
}
