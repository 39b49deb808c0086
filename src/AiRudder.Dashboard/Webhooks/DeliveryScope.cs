namespace AiRudder.Dashboard.Webhooks;

/// <summary>Narrows deliveries to a connection.</summary>
public static class DeliveryScope
{
    /// <summary>
    /// For rows that something else finds: an outcome, an id, a page. SQLite takes an equal connection for rare and would look through
    /// all its deliveries instead; a sum it cannot look up.
    /// </summary>
    public static IQueryable<Delivery> Among(this IQueryable<Delivery> deliveries, int? connectionId) =>
        connectionId is { } id ? deliveries.Where(row => row.ConnectionId + 0 == id) : deliveries;

    /// <summary>For rows found by connection and time.</summary>
    public static IQueryable<Delivery> Of(this IQueryable<Delivery> deliveries, int? connectionId) =>
        connectionId is { } id ? deliveries.Where(row => row.ConnectionId == id) : deliveries;
}
