using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Recordings;

public static partial class RecordingServices
{
    public static IServiceCollection AddRecordings(this IServiceCollection services)
    {
        services.AddOptions<RecordingOptions>().Configure<IConfiguration>((options, configuration) => RecordingOptions.Apply(configuration, options));
        services.AddSingleton<KnownRecordings>();
        services.AddSingleton<VendorConnection>();
        services.AddSingleton<VendorRecordings>();
        services.AddSingleton<RecordingEndpoints>();
        return services;
    }

    public static void MapRecordings(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<RecordingOptions>>().Value;
        if (options.AllowInsecureDevelopmentHosts)
        {
            LogInsecure(app.Logger, string.Join(", ", options.AllowedHosts));
        }

        RecordingEndpoints.Map(app);
    }

    [LoggerMessage(6000, LogLevel.Warning,
        "Recordings:AllowInsecureDevelopmentHosts is ON: recordings are fetched over plain http and from private addresses of {Hosts}. Never use this in production.")]
    private static partial void LogInsecure(ILogger log, string hosts);
}
