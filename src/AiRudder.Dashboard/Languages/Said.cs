namespace AiRudder.Dashboard.Languages;

/// <summary>
/// A sentence that is kept in English with its values, and said in the language of who reads it: what is read once for many pages is shown
/// to readers of several languages.
/// </summary>
/// <param name="english">Words that are <see cref="Vocabulary.Noted"/>, with the places {0}, {1}…</param>
/// <param name="values">What stands in the places.</param>
public sealed class Said(string english, params object?[] values) : IEquatable<Said>
{
    public static implicit operator Said?(string? english) => english is null ? null : new(english);

    public static implicit operator string?(Said? said) => said?.ToString();

    /// <summary>In the language of who asks.</summary>
    public override string ToString() => values.Length == 0 ? T(english) : T(english, values);

    public bool Equals(Said? other) => other?.ToString() == ToString();

    public override bool Equals(object? obj) => Equals(obj as Said);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);
}
