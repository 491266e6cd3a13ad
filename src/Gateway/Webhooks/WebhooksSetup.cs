using Counter.Counting.Documents;
using Counter.Counting.Webhooks;
using Counter.Gateway.Documents;
using Counter.Grains.Hosting;

namespace Counter.Gateway.Webhooks;

/// <summary>The setup of webhooks.</summary>
internal static class WebhooksSetup
{
    /// <summary>Adds the services of webhooks.</summary>
    public static void AddWebhooks(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<WebhooksOptions>(builder.Configuration, "Webhooks");
        builder.Services.AddBookReadByHand<Outbox>(DocumentKind.Delivery);
        builder.Services.AddSingleton<AddressLookup>(WebhookConnections.LookUpAsync);
        builder.Services.AddSingleton<WebhookConnections>();
        builder.Services.AddSingleton<WebhookSender>();
        builder.Services.AddSingleton<OutboxStore>();
        builder.Services.AddSingleton<WebhookSettings>();
        builder.Services.AddSingleton<DeliveryQueue>();
        builder.Services.AddHostedService<DeliveryScheduler>();
    }
}
