using System.Globalization;
using System.Security.Claims;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Accounts.Audit;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Webhooks.Gaps;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AiRudder.Dashboard.Webhooks.Uploads;

/// <summary>What became of an uploaded file.</summary>
/// <param name="Bytes">Of the file.</param>
/// <param name="Stored">Bodies stored for the first time.</param>
/// <param name="Copies">Bodies whose very bytes were there already.</param>
/// <param name="Failed">Places that could not be taken.</param>
/// <param name="Errors">The first hundred of them, by line.</param>
/// <param name="Stopped">Why it ended before the file did, or null.</param>
public sealed record UploadAnswer(long Bytes, int Stored, int Copies, int Failed, IReadOnlyList<UploadError> Errors, string? Stopped);

/// <summary><c>POST /api/connections/{name}/deliveries</c>.</summary>
public static class UploadApi
{
    public static void MapUploads(this WebApplication app) => app.MapPost("/api/connections/{name}/deliveries", StoreAsync)
        .WithTags("Deliveries")
        .WithSummary("Stores the bodies of a file as deliveries of a connection, as if AIRUDDER had posted them: to fill a time in which nothing could be received.")
        .WithDescription(
            "The request's body is the file: one JSON body, an array of bodies, or one body a line (NDJSON). The same bytes again are a copy, so a file may be sent again. " +
            "'kind' is what the webhook URL would have named (empty: recognised from each body); 'gap' is the number of a gap that counts as filled when everything could be stored. " +
            "Answers 200 when the file was read to its end, with the places that could not be taken by line; 413 or 503 when it ended before, with what was stored until then.")
        .AddOpenApiOperationTransformer(DescribeFile)
        .Produces<UploadAnswer>()
        .Produces<UploadAnswer>(StatusCodes.Status413PayloadTooLarge)
        .Produces<UploadAnswer>(StatusCodes.Status503ServiceUnavailable)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireAuthorization(nameof(Permission.Replay))
        .Audited(AuditAction.Upload, "deliveries")
        .DisableAntiforgery();

    /// <summary>Said in words only: the file is taken whatever its sender calls it.</summary>
    private static Task DescribeFile(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Description = "The file.",
            Content = new Dictionary<string, OpenApiMediaType> { ["application/x-ndjson"] = new(), ["application/json"] = new() },
        };
        return Task.CompletedTask;
    }

    private static async Task<IResult> StoreAsync(
        string name, HttpContext http, FileUpload uploads, ConnectionDirectory connections, GapQueries gaps, CancellationToken cancel, string? kind = null, int? gap = null)
    {
        var connection = connections.All.FirstOrDefault(row => string.Equals(row.Name, name, StringComparison.OrdinalIgnoreCase));
        if (connection is null)
        {
            return TypedResults.Problem("There is no connection of this name.", statusCode: StatusCodes.Status404NotFound, title: "No such connection");
        }

        if (kind is { Length: > 0 } && !DeliveryKind.InUrl.Contains(kind))
        {
            return TypedResults.Problem($"kind: allowed are {string.Join(", ", DeliveryKind.InUrl.Order(StringComparer.Ordinal))}.", statusCode: StatusCodes.Status400BadRequest);
        }

        if (gap is { } wanted && await gaps.FindAsync(wanted, cancel) is null)
        {
            return TypedResults.Problem($"There is no gap {wanted}.", statusCode: StatusCodes.Status404NotFound, title: "No such gap");
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            // Ours counts instead: Webhooks:MaxUploadBytes.
            limit.MaxRequestBodySize = null;
        }

        var by = http.User.FindFirstValue(ClaimTypes.Name) ?? "";
        var tally = await uploads.StoreAsync(http.Request.Body, connection.Id, kind ?? "", by, null, cancel);
        if (gap is { } filled && tally.Whole)
        {
            await gaps.SettleAsync(filled, GapState.Filled, by, UploadWords.Of(tally, null), CancellationToken.None);
        }

        var answer = new UploadAnswer(tally.Bytes, tally.Stored, tally.Copies, tally.Failed, tally.Errors, tally.Stopped);
        var status = tally.Stopped is null ? StatusCodes.Status200OK
            : tally.Stopped.Contains("MaxUploadBytes", StringComparison.Ordinal) ? StatusCodes.Status413PayloadTooLarge
            : StatusCodes.Status503ServiceUnavailable;
        return TypedResults.Json(answer, statusCode: status);
    }
}

/// <summary>An upload in words.</summary>
public static class UploadWords
{
    /// <summary>As it is kept: in English, whoever uploads.</summary>
    public static string Of(UploadTally tally, string? file) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(file is null ? "" : file + ": ")}{tally.Stored:N0} new, {tally.Copies:N0} already there{(tally.Failed > 0 ? string.Create(CultureInfo.InvariantCulture, $", {tally.Failed:N0} could not be taken") : "")}");

    /// <summary>The same for who reads a page.</summary>
    public static string Said(UploadTally tally) =>
        T("{0:N0} new, {1:N0} already there", tally.Stored, tally.Copies) + (tally.Failed > 0 ? ", " + T("{0:N0} could not be taken", tally.Failed) : "");
}
