using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace AiRudder.Dashboard.Accounts;

/// <summary>Headers of every answer, errors included: set when the answer starts, after whatever else cleared or wrote headers.</summary>
public sealed class SecurityHeaders(RequestDelegate next)
{
    private static readonly object NonceKey = new();

    /// <summary>Lets the one inline script of this answer run: the import map that Blazor writes.</summary>
    public static string Nonce(HttpContext context)
    {
        if (context.Items[NonceKey] is not string nonce)
            context.Items[NonceKey] = nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));

        return nonce;
    }

    /// <summary>Of answers without a script of their own. One text: a page keeps the headers of its connection for as long as it is open.</summary>
    private static readonly string OwnScripts = Policy("'self'");

    private static string Policy(string script) =>
        $"default-src 'self'; script-src {script}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self' blob:; " +
        "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(Write, context);
        return next(context);
    }

    private static Task Write(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = context.Items[NonceKey] is string nonce ? Policy($"'self' 'nonce-{nonce}'") : OwnScripts;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = "max-age=31536000";

        // Static files say for themselves how long they keep; everything else may be personal.
        if (!headers.ContainsKey(HeaderNames.CacheControl))
            headers.CacheControl = "no-store";

        return Task.CompletedTask;
    }
}
