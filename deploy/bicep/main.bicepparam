// What docs/azure.md and the workflow deploy. What differs from one deployment to the next comes from the environment.
using './main.bicep'

param registryName = readEnvironmentVariable('COUNTER_REGISTRY')
param gatewayDigest = readEnvironmentVariable('COUNTER_GATEWAY_DIGEST')

// [{"name":"a","siloPort":11111,"gatewayPort":30000,"digest":"sha256:…"},{"name":"b","siloPort":11112,"gatewayPort":30001,"digest":"sha256:…"}]
param silos = json(readEnvironmentVariable('COUNTER_SILOS'))

// openssl rand -hex 24
param adminKey = readEnvironmentVariable('COUNTER_ADMIN_KEY')

param assignRoles = bool(readEnvironmentVariable('COUNTER_ASSIGN_ROLES', 'true'))
param customDomain = readEnvironmentVariable('COUNTER_DOMAIN', '')
param certificateId = readEnvironmentVariable('COUNTER_CERTIFICATE_ID', '')
param otlpEndpoint = readEnvironmentVariable('COUNTER_OTLP_ENDPOINT', '')

// For 50,000 streams; docs/azure-reference.md has other sizes.
param gatewayMinReplicas = 5
param gatewayMaxReplicas = 8
