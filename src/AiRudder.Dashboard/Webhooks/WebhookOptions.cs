namespace AiRudder.Dashboard.Webhooks;

/// <summary>Section <c>Webhooks</c> of the settings.</summary>
public sealed class WebhookOptions
{
    /// <summary>Largest body kept, in bytes; also the most a compressed body may unpack to. The platform's 30 MB would lose large batches.</summary>
    public long MaxBodyBytes { get; set; } = 268_435_456;

    /// <summary>Deliveries that may wait for a commit at once; more are answered 503.</summary>
    public int QueueLength { get; set; } = 4096;

    /// <summary>Longest time a delivery may wait for its commit before it is answered 503.</summary>
    public TimeSpan StoreTimeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>Accept plain http from other machines. Off: the address is a secret and would travel readable.</summary>
    public bool AllowPlainHttp { get; set; }

    /// <summary>Largest file of deliveries that can be uploaded, in bytes.</summary>
    public long MaxUploadBytes { get; set; } = 2_147_483_648;

    /// <summary>Nothing received for this long while tasks run is an alarm on the deliveries page.</summary>
    public TimeSpan QuietAlarm { get; set; } = TimeSpan.FromMinutes(5);
}
