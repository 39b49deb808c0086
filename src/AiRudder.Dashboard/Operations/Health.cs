using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace AiRudder.Dashboard.Operations;

/// <summary><c>/health/live</c>: the process runs. <c>/health/ready</c>: it can store durably now. Neither says more than that.</summary>
public static class Health
{
    private const string Ready = "ready";

    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<CanStore>(nameof(CanStore), tags: [Ready], timeout: TimeSpan.FromSeconds(5));
        return services;
    }

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = Silent }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = Silent }).AllowAnonymous();
    }

    private static Task Silent(HttpContext http, HealthReport report) => Task.CompletedTask;

    /// <summary>A durable commit of its own is the only proof that storing works.</summary>
    private sealed class CanStore(IDbContextFactory<DashboardDb> contexts, IHostApplicationLifetime lifetime) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                return HealthCheckResult.Unhealthy();
            }

            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await db.DrawAsync(Counter.HealthChecks, 1, cancellationToken);
            return HealthCheckResult.Healthy();
        }
    }
}
