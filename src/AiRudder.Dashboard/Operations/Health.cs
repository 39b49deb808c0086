using System.Diagnostics;
using AiRudder.Dashboard.Webhooks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace AiRudder.Dashboard.Operations;

/// <summary><c>/health/live</c>: the process runs. <c>/health/ready</c>: it can store durably now. Neither says more than that.</summary>
public static class Health
{
    private const string Ready = "ready";

    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddSingleton<CanStore>();
        services.AddHealthChecks().AddCheck<CanStore>(nameof(CanStore), tags: [Ready], timeout: TimeSpan.FromSeconds(5));
        return services;
    }

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = Silent }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = Silent }).AllowAnonymous();
    }

    private static Task Silent(HttpContext http, HealthReport report) => Task.CompletedTask;

    /// <summary>
    /// A durable commit of its own is the only proof that storing works. Whoever asks within a second of another hears the same: the
    /// address is open to all, and the pen is the sender's.
    /// </summary>
    private sealed class CanStore(IInboxStore inbox, IHostApplicationLifetime lifetime) : IHealthCheck
    {
        private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

        private readonly Lock sync = new();
        private Task proof = Task.CompletedTask;
        private long? provedAt;

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                return HealthCheckResult.Unhealthy();
            }

            await Latest().WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }

        private Task Latest()
        {
            lock (sync)
            {
                if (proof.IsCompleted && (provedAt is not { } at || Stopwatch.GetElapsedTime(at) > Fresh))
                {
                    provedAt = Stopwatch.GetTimestamp();
                    proof = Task.Run(() => inbox.ProveAsync(lifetime.ApplicationStopping));
                }

                return proof;
            }
        }

    }
}
