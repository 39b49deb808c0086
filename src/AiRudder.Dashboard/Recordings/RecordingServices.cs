using AiRudder.Dashboard.Operations;
using Microsoft.AspNetCore.DataProtection;
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
        services.AddDataProtection();
        services.AddSingleton<RecordingShelf>();
        services.AddSingleton<KeptRecordings>();
        services.AddSingleton<RecordingQueries>();
        services.AddSingleton<RecordingQueue>();
        services.AddSingleton<RecordingFollower>();
        services.AddSingleton<RecordingKeeper>();
        services.AddSingleton<RecordingRetention>();
        services.AddSingleton<SoundDecoder>();
        services.AddSingleton<WaveformStore>();
        return services;
    }

    /// <summary>What keeps at it by itself, on nodes that show.</summary>
    public static IServiceCollection AddRecordingInsurance(this IServiceCollection services, IConfiguration configuration, NodeRole role)
    {
        if (!role.Shows())
        {
            return services;
        }

        services.AddHostedService<RecordingCare>();
        if (RecordingOptions.Read(configuration).Keep)
        {
            services.AddHostedService<RecordingInsurance>();
            services.AddHostedService<RecordingArtist>();
        }

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
