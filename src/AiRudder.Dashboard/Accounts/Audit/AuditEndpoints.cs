namespace AiRudder.Dashboard.Accounts.Audit;

public static class AuditEndpoints
{
    /// <summary>Whoever asks this endpoint is written down before it answers.</summary>
    /// <param name="endpoint">One that sends what must be accounted for.</param>
    /// <param name="action">As what it counts.</param>
    /// <param name="target">Of what; <c>{id}</c> stands for the id in the address.</param>
    public static RouteHandlerBuilder Audited(this RouteHandlerBuilder endpoint, AuditAction action, string target) => endpoint.AddEndpointFilter(async (context, next) =>
    {
        var http = context.HttpContext;
        var id = http.Request.RouteValues["id"]?.ToString() ?? "";
        await http.RequestServices.GetRequiredService<AuditLog>().WriteAsync(
            http, action, target.Replace("{id}", id.Length <= 20 && id.All(char.IsAsciiDigit) ? id : "?", StringComparison.Ordinal), Permissions.Allows(http.User, Permission.Reveal) ? "in full" : "masked");
        return await next(context);
    });
}
