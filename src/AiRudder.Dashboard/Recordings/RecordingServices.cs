namespace AiRudder.Dashboard.Recordings;

public static class RecordingServices
{
    public static IServiceCollection AddRecordings(this IServiceCollection services)
    {
        return services;
    }

    public static void MapRecordings(this WebApplication app)
    {
    }
}
