using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AiRudder.Dashboard.Accounts;

/// <summary>Bearer tokens of the configuration, kept as hashes.</summary>
public sealed class ApiTokens(AccountSettings settings)
{
    private readonly (byte[] Hash, ApiTokenSettings Token)[] entries =
        [.. settings.ApiTokens.Select(token => (SHA256.HashData(Encoding.UTF8.GetBytes(token.Token)), token with { Token = "" }))];

    /// <summary>Compares with every entry to its end, so that time tells nothing.</summary>
    public ApiTokenSettings? Find(string token)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        ApiTokenSettings? found = null;
        foreach (var entry in entries)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, entry.Hash))
                found = entry.Token;
        }

        return found;
    }
}

/// <summary><c>Authorization: Bearer …</c>; a browser cannot set that header on a WebSocket, so hubs also read <c>access_token</c>.</summary>
public sealed class ApiTokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    ApiTokens tokens) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "ApiToken";

    private const string Bearer = "Bearer ";

    /// <summary>Whether the request is a token's: nothing else may change something under <c>/api</c>, a cookie never.</summary>
    public static bool Concerns(HttpRequest request) =>
        Paths.IsApi(request.Path)
        && (TokenOf(request) is not null
            || (request.Path.StartsWithSegments("/api") && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)));

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (TokenOf(Request) is not { } token)
            return Task.FromResult(AuthenticateResult.NoResult());

        if (tokens.Find(token) is not { } found)
            return Task.FromResult(AuthenticateResult.Fail("unknown token"));

        var identity = new ClaimsIdentity(
            [new(ClaimTypes.Name, found.Name), new(ClaimTypes.NameIdentifier, "token:" + found.Name), new(ClaimTypes.Role, found.Role.ToString())],
            Name);
        return Task.FromResult(AuthenticateResult.Success(new(new ClaimsPrincipal(identity), Name)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        return base.HandleChallengeAsync(properties);
    }

    private static string? TokenOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.Length > 0)
            return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : "";

        return request.Path.StartsWithSegments("/hubs") && request.Query["access_token"].ToString() is { Length: > 0 } query ? query : null;
    }
}
