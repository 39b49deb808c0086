using System.Globalization;
using AiRudder.Dashboard.Accounts;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;

namespace AiRudder.Dashboard.Languages;

public static class LanguageServices
{
    public const string Path = "/language";

    /// <summary>What nobody reads in a browser, logs and outward messages, is English and formatted alike on every machine.</summary>
    public static void SpeakEnglishUntilAsked() =>
        (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.DefaultThreadCurrentUICulture, CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) =
        (CultureInfo.InvariantCulture, CultureInfo.InvariantCulture, CultureInfo.InvariantCulture, CultureInfo.InvariantCulture);

    /// <summary>The language chosen here, else the browser's; formats of the browser's country where it is one of the language. Programs get English.</summary>
    public static void UseLanguages(this WebApplication app)
    {
        var words = Language.All.Select(language => CultureInfo.GetCultureInfo(language.Name)).ToList();
        var localization = new RequestLocalizationOptions
        {
            DefaultRequestCulture = new RequestCulture("en"),
            SupportedUICultures = words,
            SupportedCultures = [.. CultureInfo.GetCultures(CultureTypes.AllCultures).Where(culture => words.Any(language => IsOf(culture, language)))],
            ApplyCurrentCultureToResponseHeaders = true,
        };
        localization.RequestCultureProviders = [new CookieRequestCultureProvider { Options = localization }, new AcceptLanguageHeaderRequestCultureProvider { Options = localization }];
        app.UseWhen(http => !Paths.IsApi(http.Request.Path), pages => pages.UseRequestLocalization(localization));
        app.MapPost(Path, Choose).AllowAnonymous().ExcludeFromDescription();
    }

    private static bool IsOf(CultureInfo? culture, CultureInfo language)
    {
        for (; culture is { Name.Length: > 0 }; culture = culture.Parent)
        {
            if (culture.Name == language.Name)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Remembers the language for this browser and leads back to the page.</summary>
    private static IResult Choose(HttpContext http, [FromForm] string language, [FromForm] string? back)
    {
        if (Language.All.All(known => known.Name != language))
        {
            return TypedResults.Problem($"'{language}' is no language of this product.", statusCode: StatusCodes.Status400BadRequest);
        }

        var formats = http.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(one => one.Quality ?? 1).Select(one => one.Value.Value)
            .FirstOrDefault(name => name is not null && name.StartsWith(language + "-", StringComparison.OrdinalIgnoreCase));
        http.Response.Cookies.Append(
            CookieRequestCultureProvider.DefaultCookieName,
            CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(formats ?? language, language)),
            new CookieOptions { MaxAge = TimeSpan.FromDays(365), HttpOnly = true, IsEssential = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps });
        return TypedResults.LocalRedirect(Paths.LocalOrHome(back));
    }
}
