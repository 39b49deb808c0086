using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;

namespace AiRudder.Dashboard.Accounts;

/// <summary>Writes into the log the number that the person sees, so that one finds the other.</summary>
public sealed partial class FailureReference(ILogger<FailureReference> log) : IExceptionHandler
{
    public static string Of(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;

    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        LogFailed(log, Of(httpContext), exception.GetType().Name);
        return ValueTask.FromResult(false);
    }

    [LoggerMessage(1031, LogLevel.Error, "A request failed, reference {Reference}: {Kind}")]
    private static partial void LogFailed(ILogger log, string reference, string kind);
}
