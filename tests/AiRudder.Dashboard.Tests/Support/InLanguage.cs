using System.Globalization;

namespace AiRudder.Dashboard.Tests.Support;

/// <summary>What follows, until it is disposed, is done for a reader of this culture.</summary>
internal sealed class InLanguage : IDisposable
{
    private readonly (CultureInfo Formats, CultureInfo Words) before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);

    public InLanguage(string culture) => CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);

    public void Dispose() => (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
}
