namespace AiRudder.Dashboard.Webhooks;

public partial class Deliveries
{
    [LoggerMessage(3201, LogLevel.Error, "The deliveries page could not read the feed, reference {Reference}")]
    private static partial void LogNotRead(ILogger log, Exception error, string reference);
}
