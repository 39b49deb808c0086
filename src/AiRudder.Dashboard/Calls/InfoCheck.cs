namespace AiRudder.Dashboard.Calls;

/// <summary>What can be read from the items of Info Check's interview without anybody saying what its words mean.</summary>
public static class InfoCheck
{
    /// <summary>The one documented word of <c>whether_answer</c>.</summary>
    public const string Answered = "Answered";

    /// <summary>AIRUDDER says so; where it says nothing, there is an answer.</summary>
    public static bool IsAnswered(Answer item) => IsAnswered(item.Answered) ?? (item.Value ?? item.Text) is not null;

    /// <summary>Of a question that was asked twice only the last item counts.</summary>
    public static IEnumerable<Answer> AsEnded(IEnumerable<Answer> items) => items.OrderBy(item => item.Ordinal).GroupBy(item => item.Question, StringComparer.Ordinal).Select(group => group.Last());

    /// <summary>Null when the word is missing.</summary>
    public static bool? IsAnswered(string? word) => word is null ? null : word.Equals(Answered, StringComparison.OrdinalIgnoreCase);
}
