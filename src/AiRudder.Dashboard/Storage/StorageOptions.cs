namespace AiRudder.Dashboard.Storage;

public enum StorageProvider
{
    Sqlite,
    SqlServer,
}

/// <summary>Where everything is kept.</summary>
public sealed class StorageOptions
{
    /// <summary><c>Storage:Provider</c>.</summary>
    public StorageProvider Provider { get; set; } = StorageProvider.Sqlite;

    /// <summary><c>DataDirectory</c>, made absolute: SQLite file, keys, large bodies, recordings.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary><c>ConnectionStrings:Dashboard</c>; for SQLite a file in the data directory when nothing is set.</summary>
    public string ConnectionString { get; set; } = "";
}
