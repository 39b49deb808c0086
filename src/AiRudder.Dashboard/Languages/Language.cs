using System.Globalization;

namespace AiRudder.Dashboard.Languages;

/// <summary>A language the product speaks.</summary>
/// <param name="Name">Of its culture.</param>
/// <param name="Own">What it calls itself.</param>
public sealed record Language(string Name, string Own)
{
    public static readonly IReadOnlyList<Language> All = [new("en", "English"), new("zh-Hans", "简体中文"), new("id", "Bahasa Indonesia"), new("es", "Español")];

    /// <summary>The reader's.</summary>
    public static Language Current
    {
        get
        {
            for (var culture = CultureInfo.CurrentUICulture; culture.Name.Length > 0; culture = culture.Parent)
            {
                if (All.FirstOrDefault(language => language.Name == culture.Name) is { } known)
                {
                    return known;
                }
            }

            return All[0];
        }
    }
}
