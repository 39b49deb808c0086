namespace AiRudder.Dashboard.Operations;

/// <summary>What this process does (setting <c>Role</c>): a receiver can stay up while the nodes that show are restarted.</summary>
public enum NodeRole
{
    All,
    Receive,
    Show,
}

public static class NodeRoles
{
    public static NodeRole Of(IConfiguration configuration) => configuration.GetValue("Role", NodeRole.All);

    public static bool Receives(this NodeRole role) => role is NodeRole.All or NodeRole.Receive;

    public static bool Shows(this NodeRole role) => role is NodeRole.All or NodeRole.Show;
}
