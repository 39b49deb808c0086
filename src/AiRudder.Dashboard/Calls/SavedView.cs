namespace AiRudder.Dashboard.Calls;

/// <summary>A list of calls that somebody comes back to: what the address said, and the columns.</summary>
public sealed class SavedView
{
    public const int NameLength = 80;
    public const int QueryLength = 2_000;

    public int Id { get; set; }

    /// <summary>Account of whoever made it: only they rename, share or delete it.</summary>
    public required string AccountId { get; set; }

    public required string Name { get; set; }

    /// <summary>Filter and order as in the address, with its question mark; empty for all calls.</summary>
    public required string Query { get; set; }

    /// <summary>Keys of <see cref="CallColumns"/>, separated by commas; null for those of whoever looks.</summary>
    public string? Columns { get; set; }

    /// <summary>Everybody who may see calls sees it in their list.</summary>
    public bool Shared { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}

/// <summary>How one person has set up the list, on whatever machine.</summary>
public sealed class CallListChoice
{
    public const int ColumnsLength = 400;

    public required string AccountId { get; set; }

    /// <summary>Keys of <see cref="CallColumns"/>, separated by commas; null for the usual ones.</summary>
    public string? Columns { get; set; }

    /// <summary>The view the list opens with; null for all calls.</summary>
    public int? DefaultView { get; set; }
}
