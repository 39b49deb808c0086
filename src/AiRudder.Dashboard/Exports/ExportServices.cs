using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Accounts.Audit;

namespace AiRudder.Dashboard.Exports;

public static class ExportServices
{
    public static void AddExports(this IServiceCollection services)
    {
        services.AddSingleton<ExportDesk>();
        services.AddSingleton<ExportWorker>();
    }

    public static void MapExports(this IEndpointRouteBuilder app) =>
        app.MapGet("/exports/{id:int}", DownloadAsync).RequireAuthorization(nameof(Permission.Export)).Audited(AuditAction.Export, "export {id}").ExcludeFromDescription();

    private static async Task<IResult> DownloadAsync(HttpContext http, int id, ExportDesk desk)
    {
        http.Response.Headers.CacheControl = "private, no-store";
        return await desk.FindAsync(http.User, id, http.RequestAborted) is { } found
            ? TypedResults.PhysicalFile(found.Path, CallFile.ContentType(found.Job.Format), found.Job.Name)
            : TypedResults.Problem(title: T("No such file"), detail: T("It is not yours, was deleted after a day, or lies on another node of this installation."), statusCode: StatusCodes.Status404NotFound);
    }
}
