using System.Diagnostics;
using AiRudder.Dashboard.Storage;
using Microsoft.AspNetCore.Diagnostics;

namespace AiRudder.Dashboard.Accounts;

/// <summary>
/// Writes into the log the number that the person sees, so that one finds the other; and tells a store that cannot be used now (full,
/// locked, away), which passes, from a fault of ours.
/// </summary>
public sealed partial class FailureReference(ILogger<FailureReference> log) : IExceptionHandler
{
    private const string RetryAfterSeconds = "10";

    public static string Of(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;

    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        LogFailed(log, Of(httpContext), exception.GetType().Name);
        if (StoreTrouble.Is(exception))
            httpContext.Response.Headers.RetryAfter = RetryAfterSeconds;

        return ValueTask.FromResult(false);
    }

    /// <summary>The status of an answer that an exception ended.</summary>
    public static int StatusOf(Exception exception) => StoreTrouble.Is(exception) ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError;

    [LoggerMessage(1031, LogLevel.Error, "A request failed, reference {Reference}: {Kind}")]
    private static partial void LogFailed(ILogger log, string reference, string kind);
}
