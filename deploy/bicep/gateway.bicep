// The gateways: they hold the streams.

@description('The Azure region.')
param location string

@description('What the app is called.')
param name string

@description('The public environment.')
param environmentId string

@description('The image, with its digest.')
param image string

@description('The registry of the image.')
param registryServer string

@description('Who they are.')
param identityId string

@description('What they ask tokens for.')
param identityClientId string

@description('Names the cluster.')
param clusterId string

@description('Names the service.')
param serviceId string

@description('Where the table of silos is.')
param tableEndpoint string

@description('Where blobs are. Gateways are asked for it and read none.')
param blobEndpoint string

@description('The operator\'s key.')
@secure()
param adminKey string

@description('Networks whose X-Forwarded-* headers are believed, separated by commas.')
param trustedProxies string

@description('Streams that one gateway holds.')
param streams int

@description('The fewest gateways.')
param minReplicas int

@description('The most gateways.')
param maxReplicas int

@description('A domain of your own; empty: none.')
param customDomain string

@description('The certificate of that domain; empty: none yet.')
param certificateId string

@description('Where metrics are sent; empty: nowhere.')
param otlpEndpoint string

var port = 9192

var settings = [
  { name: 'Cluster__Store', value: 'AzureStorage' }
  { name: 'Cluster__ClusterId', value: clusterId }
  { name: 'Cluster__ServiceId', value: serviceId }
  { name: 'Cluster__TableEndpoint', value: tableEndpoint }
  { name: 'Cluster__BlobEndpoint', value: blobEndpoint }
  { name: 'Admin__Key', secretRef: 'admin-key' }
  { name: 'Proxies__Trusted', value: trustedProxies }
  { name: 'Limits__Streams', value: string(streams) }
  { name: 'Limits__StreamsPerPage', value: string(streams) }
  { name: 'Streaming__DrainSeconds', value: '30' }
  { name: 'AZURE_CLIENT_ID', value: identityClientId }
]
var telemetry = empty(otlpEndpoint) ? [] : [{ name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: otlpEndpoint }]

// A domain must be known to the app before its certificate can be made.
var domain = {
  name: customDomain
  bindingType: empty(certificateId) ? 'Disabled' : 'SniEnabled'
  certificateId: empty(certificateId) ? null : certificateId
}

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
    // Gateways need to reach silos only.
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      maxInactiveRevisions: 5
      registries: [
        {
          server: registryServer
          identity: identityId
        }
      ]
      secrets: [
        {
          name: 'admin-key'
          value: adminKey
        }
      ]
      ingress: {
        external: true
        transport: 'auto'
        targetPort: port
        allowInsecure: false
        customDomains: empty(customDomain) ? [] : [domain]
      }
    }
    template: {
      // Streaming:DrainSeconds, one Streaming:WriteTimeoutSeconds and 10 s more: 50 s. Containers were seen to be killed after
      // 60 to 80 s whatever this says.
      terminationGracePeriodSeconds: 60
      containers: [
        {
          name: 'gateway'
          image: image
          env: concat(settings, telemetry)
          resources: {
            cpu: json('1.0')
            memory: '2Gi'
          }
          probes: [
            {
              type: 'Startup'
              httpGet: {
                path: '/health/live'
                port: port
              }
              periodSeconds: 3
              failureThreshold: 10
              timeoutSeconds: 3
            }
            {
              type: 'Liveness'
              httpGet: {
                path: '/health/live'
                port: port
              }
              periodSeconds: 10
              failureThreshold: 6
              timeoutSeconds: 5
            }
            // Fails while the gateway is full or stops, and not because the silos are away: streams go on without them.
            {
              type: 'Readiness'
              httpGet: {
                path: '/health/ready'
                port: port
              }
              periodSeconds: 5
              failureThreshold: 2
              timeoutSeconds: 3
            }
          ]
        }
      ]
      scale: {
        minReplicas: minReplicas
        maxReplicas: maxReplicas
        // Never the HTTP rule: it counts requests that come, and sees nothing of those that are held. Memory follows streams: half
        // a GiB is used at about 15,000. CPU follows frames. Why there is no rule on streams themselves: docs/azure-reference.md.
        rules: [
          {
            name: 'cpu'
            custom: {
              type: 'cpu'
              metadata: {
                type: 'Utilization'
                value: '60'
              }
            }
          }
          {
            name: 'memory'
            custom: {
              type: 'memory'
              metadata: {
                type: 'Utilization'
                value: '25'
              }
            }
          }
        ]
      }
    }
  }
}

@description('The address that Azure gives it.')
output host string = app.properties.configuration.ingress.fqdn

@description('What a TXT record asuid.<domain> must say.')
output domainVerification string = app.properties.customDomainVerificationId
