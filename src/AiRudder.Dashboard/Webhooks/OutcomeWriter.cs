using System.Data.Common;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Languages;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Webhooks.Wire;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiRudder.Dashboard.Webhooks;

/// <summary>
/// Writes into the deliveries' own rows what became of them: two small statements a delivery, prepared once a group because they
/// stand on the hot path. Their text is the same on both providers.
/// </summary>
internal sealed class OutcomeWriter(DashboardDb db, DateTimeOffset now) : IAsyncDisposable
{
    internal const string Claim =
        """
        UPDATE "Deliveries" SET "Outcome" = @outcome, "Kind" = @kind, "Envelope" = @envelope, "Reason" = @reason, "ReasonField" = @field,
            "ReasonPosition" = @position, "NextAttemptAt" = NULL, "ProcessedAt" = @now
        WHERE "Id" = @id AND "Outcome" = 0
        """;

    internal const string Complete =
        """
        UPDATE "Deliveries" SET "Outcome" = @outcome, "Reason" = @reason, "ReasonField" = @field, "Calls" = @calls, "QuarantinedCalls" = @refused
        WHERE "Id" = @id
        """;

    private readonly object storedNow = db.Model.FindEntityType(typeof(Delivery))!.FindProperty(nameof(Delivery.ReceivedAt))!
        .GetTypeMapping().Converter?.ConvertToProvider(now) ?? now;

    private DbCommand? claim;
    private DbCommand? complete;

    public DateTimeOffset Now { get; } = now;

    /// <summary>Moves the delivery out of pending.</summary>
    /// <returns>False when another process was first.</returns>
    public async Task<bool> ClaimAsync(Delivery delivery, ReadDelivery? read, UnreadableBodyException? error, CancellationToken cancel)
    {
        var outcome = error is not null ? DeliveryOutcome.Quarantined
            : DeliveryKind.HasCalls(read!.Kind) ? DeliveryOutcome.Processed
            : DeliveryOutcome.Uninterpreted;
        var kind = read?.Kind ?? (delivery.UrlKind.Length > 0 ? delivery.UrlKind : null);
        claim ??= Prepare(Claim, "@outcome", "@kind", "@envelope", "@reason", "@field", "@position", "@now", "@id");
        Bind(
            claim,
            (int)outcome,
            kind,
            outcome == DeliveryOutcome.Processed ? read!.EnvelopeJson : null,
            error?.Message ?? (outcome == DeliveryOutcome.Uninterpreted ? KeptSentences.Write(DeliveryReasons.Uninterpreted, kind) : null),
            error?.Field,
            error?.Position,
            storedNow,
            delivery.Id);
        return await claim.ExecuteNonQueryAsync(cancel) > 0;
    }

    public async Task CompleteAsync(Arrival arrival, CancellationToken cancel)
    {
        var calls = arrival.Touched.Count;
        var refused = arrival.Refused;
        complete ??= Prepare(Complete, "@outcome", "@reason", "@field", "@calls", "@refused", "@id");
        Bind(
            complete,
            (int)(refused > 0 && calls == 0 ? DeliveryOutcome.Quarantined : DeliveryOutcome.Processed),
            refused == 0 ? null : KeptSentences.Write(DeliveryReasons.Refused, refused, calls + refused),
            refused == 0 ? null : "details",
            calls,
            refused,
            arrival.Delivery.Id);
        await complete.ExecuteNonQueryAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (claim is not null)
        {
            await claim.DisposeAsync();
        }

        if (complete is not null)
        {
            await complete.DisposeAsync();
        }
    }

    private DbCommand Prepare(string sql, params ReadOnlySpan<string> names)
    {
        var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction!.GetDbTransaction();
        command.CommandText = sql;
        foreach (var name in names)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static void Bind(DbCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }
}
