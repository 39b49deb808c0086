using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;

namespace AiRudder.Dashboard.Accounts;

/// <summary>The cookie that carries a session.</summary>
public static class SessionCookie
{
    private const string SignInPage = "/sign-in";

    public static void Configure(CookieAuthenticationOptions cookie, AccountSettings settings)
    {
        cookie.Cookie.Name = "AiRudder.Dashboard";
        cookie.Cookie.HttpOnly = true;

        // Strict would show the sign-in page to somebody signed in who follows a link from a mail or a chat.
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.Cookie.Path = "/";
        cookie.CookieManager = new HostCookies();
        cookie.ExpireTimeSpan = settings.Idle;
        cookie.SlidingExpiration = true;

        cookie.Events.OnValidatePrincipal = ValidateAsync;
        cookie.Events.OnCheckSlidingExpiration = context =>
        {
            // An open page that reconnects, or listens, is not a person at work.
            context.ShouldRenew = context.ElapsedTime > TimeSpan.FromMinutes(1) && !Paths.IsCircuit(context.Request.Path);
            return Task.CompletedTask;
        };
        cookie.Events.OnRedirectToLogin = context => Refuse(
            context,
            StatusCodes.Status401Unauthorized,
            QueryHelpers.AddQueryString(SignInPage, "returnUrl", context.Request.PathBase + context.Request.Path + context.Request.QueryString));
        cookie.Events.OnRedirectToAccessDenied = context => Refuse(
            context,
            StatusCodes.Status403Forbidden,
            AccountClaims.MustChangePassword(context.HttpContext.User) ? "/password" : null);
    }

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var sessions = context.HttpContext.RequestServices.GetRequiredService<Sessions>();
        if (context.Principal is null || !await sessions.StandsAsync(context.Principal, context.HttpContext.RequestAborted))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(context.Scheme.Name);
        }
        else if (!Paths.IsCircuit(context.Request.Path))
        {
            sessions.Touch(context.Principal);
        }
    }

    // Redirects name no host: behind a proxy that ends TLS, this server knows neither its name nor its scheme.
    private static Task Refuse(RedirectContext<CookieAuthenticationOptions> context, int status, string? page)
    {
        if (page is null || !Paths.IsPage(context.Request.Path))
            context.Response.StatusCode = status;
        else if (context.Request.Path == SignInPage || context.HttpContext.Features.Get<IStatusCodeReExecuteFeature>() is not null)
            context.Response.StatusCode = StatusCodes.Status404NotFound; // a node that only receives has no pages at all
        else
            context.Response.Redirect(page);

        return Task.CompletedTask;
    }

    /// <summary>
    /// Over https the name starts with <c>__Host-</c>, which browsers accept only with Secure, for the whole site and from this very
    /// host. Over plain http, where they would drop such a cookie, it has no prefix; https never reads that one.
    /// </summary>
    private sealed class HostCookies : ICookieManager
    {
        private readonly ChunkingCookieManager inner = new();

        public string? GetRequestCookie(HttpContext context, string key) => inner.GetRequestCookie(context, Name(context, key));

        public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
            inner.AppendResponseCookie(context, Name(context, key), value, options);

        public void DeleteCookie(HttpContext context, string key, CookieOptions options) => inner.DeleteCookie(context, Name(context, key), options);

        private static string Name(HttpContext context, string key) => context.Request.IsHttps ? "__Host-" + key : key;
    }
}
