using AiRudder.Dashboard.Webhooks.Wire;

namespace AiRudder.Dashboard.Webhooks;

/// <summary>The kinds of webhooks: named by the URL, or recognised by what a body consists of.</summary>
public static class DeliveryKind
{
    public const string Call = "call";
    public const string WorkflowCall = "workflow-call";
    public const string WorkflowStatus = "workflow-status";
    public const string Pds = "pds";
    public const string Other = "other";

    /// <summary>What may stand at the end of a webhook address.</summary>
    public static readonly IReadOnlySet<string> InUrl = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        Call, "task", "plan", WorkflowCall, WorkflowStatus, "workflow-list", Pds, "inbound-call", "inbound-transfer", "message", Other,
    };

    /// <summary>The kind of a body whose URL named none.</summary>
    public static string Recognise(BodyShape body)
    {
        // Details that are no array make a call body that cannot be read, which somebody should see; not one of an unknown kind.
        if (body.FieldNames.Contains("details"))
        {
            return body.FieldNames.Contains("workflow_id") || body.FieldNames.Contains("nodetask_id") ? WorkflowCall : Call;
        }

        if (body.FieldNames.Contains("workflow_id") && body.FieldNames.Contains("actions"))
        {
            return WorkflowStatus;
        }

        return body.FieldNames.Contains("type") && body.FieldNames.Contains("body") ? Pds : Other;
    }

    public static bool HasCalls(string kind) => kind is Call or WorkflowCall;
}
