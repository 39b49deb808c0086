namespace AiRudder.Dashboard.Accounts;

/// <summary>
/// Browsers let any site open a WebSocket to any other and send the cookies along, so the connections of open pages check where
/// they were opened. Callers that are no browser send no origin and have no cookie to be misused.
/// </summary>
public sealed class SameOrigin(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (Paths.IsCircuit(context.Request.Path)
            && context.Request.Headers.Origin.ToString() is { Length: > 0 } origin
            && !IsOwn(context.Request, origin))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        return next(context);
    }

    // Behind a proxy that ends TLS the request is plain although its page was not.
    private static bool IsOwn(HttpRequest request, string origin) =>
        string.Equals(origin, $"https://{request.Host.Value}", StringComparison.OrdinalIgnoreCase)
        || (!request.IsHttps && string.Equals(origin, $"http://{request.Host.Value}", StringComparison.OrdinalIgnoreCase));
}
