using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Accounts;

public sealed class SurfaceTests(SurfaceTests.Sites sites) : IClassFixture<SurfaceTests.Sites>
{
    private readonly TestSite site = sites.Site;

    [Fact]
    public void Endpoints_ExceptTheListed_NeedSignIn()
    {
        using var client = site.Anonymous();
        var open = site.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            .Where(endpoint => !endpoint.Metadata.Any(data => data.GetType().Name == "StaticAssetDescriptor"))
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/'))
            .Where(route => !route.StartsWith("/webhooks/", StringComparison.Ordinal) && !route.StartsWith("/health/", StringComparison.Ordinal))
            .Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(["/error", "/language", "/password", "/setup", "/sign-in", "/sign-out", "/wall/{secret}"], open);
    }

    [Fact]
    public async Task Endpoints_AskedByNobody_GiveNothing()
    {
        using var client = site.Anonymous();
        var routes = site.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .ToArray();

        Assert.NotEmpty(routes);
        foreach (var endpoint in routes)
        {
            var path = string.Concat(endpoint.RoutePattern.PathSegments.Select(segment => "/" + string.Concat(segment.Parts.Select(part => part is RoutePatternLiteralPart literal ? literal.Content : "1"))));
            var method = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0] ?? "GET";
            using var request = new HttpRequestMessage(new(method), path);
            using var answer = await client.SendAsync(request);
            Assert.True(
                answer.StatusCode is HttpStatusCode.Unauthorized || (answer.StatusCode is HttpStatusCode.Redirect && answer.Headers.Location!.OriginalString.StartsWith("/sign-in?", StringComparison.Ordinal)),
                $"{method} {path} answered {(int)answer.StatusCode}");
        }
    }

    [Theory]
    [InlineData("/api/session")]
    [InlineData("/api/nowhere")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/hubs/live")]
    public async Task Programs_WithoutToken_GetProblemDetails(string path)
    {
        using var client = site.Anonymous();

        var answer = await client.GetAsync(path);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(401, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Token_Unknown_IsChallenged()
    {
        using var client = site.Anonymous();
        client.DefaultRequestHeaders.Authorization = new("Bearer", TestSite.TokenOf(Role.Qa) + "x");

        var answer = await client.GetAsync("/api/session");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Theory]
    [InlineData(Role.Supervisor)]
    [InlineData(Role.Qa)]
    [InlineData(Role.Administrator)]
    public async Task Token_OfARole_MayWhatTheTableSays(Role role)
    {
        using var client = site.Api(role);

        foreach (var permission in Enum.GetValues<Permission>())
        {
            var answer = await client.GetAsync($"/api/test/{permission}");
            Assert.Equal(Permissions.Allows(role, permission) ? HttpStatusCode.OK : HttpStatusCode.Forbidden, answer.StatusCode);
            if (!answer.IsSuccessStatusCode)
                Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        }

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/openapi/v1.json")).StatusCode);
    }

    [Fact]
    public async Task Token_OutsideTheApi_OpensNothing()
    {
        using var client = site.Api(Role.Administrator);
        Assert.Equal(HttpStatusCode.Redirect, (await client.GetAsync("/people")).StatusCode);
    }

    [Fact]
    public async Task AccessToken_InTheQuery_ForHubsOnly()
    {
        using var client = site.Anonymous();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/hubs/test?access_token=" + TestSite.TokenOf(Role.Qa))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/session?access_token=" + TestSite.TokenOf(Role.Qa))).StatusCode);
    }

    [Fact]
    public async Task Cookie_MayReadTheApiButNotChangeAnything()
    {
        using var client = await site.SignInAsync(Role.Administrator);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/test/View")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.PostAsync("/api/test/change", null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await site.Api(Role.Administrator).PostAsync("/api/test/change", null)).StatusCode);
    }

    [Theory]
    [InlineData("/sign-in", 200, true)]
    [InlineData("/people", 302, true)]
    [InlineData("/setup", 404, true)]
    [InlineData("/test/fail", 500, true)]
    [InlineData("/api/session", 401, true)]
    [InlineData("/api/test/fail", 500, true)]
    [InlineData("/webhooks/nothing/here", 404, true)]
    [InlineData("/tokens.css", 200, false)]
    public async Task Headers_OnEveryAnswer(string path, int status, bool personal)
    {
        using var client = site.CreateClient(new() { AllowAutoRedirect = false, BaseAddress = new("https://localhost") });
        if (status == 500)
            await SignInAsync(client);

        var answer = await client.GetAsync(path);

        Assert.Equal(status, (int)answer.StatusCode);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'self'; script-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src 'self' 'unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("same-origin", answer.Headers.GetValues("Cross-Origin-Opener-Policy").Single());
        Assert.Equal("max-age=31536000", answer.Headers.GetValues("Strict-Transport-Security").Single());
        Assert.Equal(personal, answer.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task Headers_PlainHttp_NoStrictTransport()
    {
        using var client = site.Anonymous();
        Assert.False((await client.GetAsync("/sign-in")).Headers.Contains("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("/test/full")]
    [InlineData("/api/test/full")]
    public async Task Store_ThatCannotBeUsedNow_IsSaidAndPasses(string path)
    {
        using var client = await site.SignInAsync(Role.Qa);

        var answer = await client.GetAsync(path);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(10), answer.Headers.RetryAfter?.Delta);
        Assert.Contains("database", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/test/fail")]
    [InlineData("/api/test/fail")]
    public async Task Failure_ShowsAReferenceAndNoDetails(string path)
    {
        using var client = await site.SignInAsync(Role.Qa);

        var answer = await client.GetAsync(path);
        var body = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.DoesNotContain("the password is swordfish", body, StringComparison.Ordinal);
        Assert.DoesNotContain("InvalidOperation", body, StringComparison.Ordinal);
        Assert.Contains(path.StartsWith("/api", StringComparison.Ordinal) ? "traceId" : "Reference <code>", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.OK)]
    [InlineData("http://localhost", HttpStatusCode.OK)]
    [InlineData("https://localhost", HttpStatusCode.OK)]
    [InlineData("http://localhost:81", HttpStatusCode.Forbidden)]
    [InlineData("http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    public async Task LongConnections_FromOtherOrigins_Refused(string? origin, HttpStatusCode expected)
    {
        using var client = await site.SignInAsync(Role.Qa);
        if (origin is not null)
            client.DefaultRequestHeaders.Add("Origin", origin);

        Assert.Equal(expected, (await client.PostAsync("/_blazor/negotiate?negotiateVersion=1", null)).StatusCode);
    }

    [Fact]
    public async Task PlainPost_ToAnUnknownPage_IsNotAFailure()
    {
        using var client = await site.SignInAsync(Role.Qa);
        Assert.InRange((int)(await client.PostAsync("/nowhere", null)).StatusCode, 404, 405);
    }

    [Fact]
    public async Task NodeThatOnlyReceives_HasNoPagesAndSendsNobodyInCircles()
    {
        using var receiver = new TestSite(new Dictionary<string, string?> { ["Role"] = "Receive" });
        using var client = receiver.Anonymous();
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/sign-in")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live")).StatusCode);
    }

    private async Task SignInAsync(HttpClient client)
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        await site.Services.GetRequiredService<People>().CreateAsync(email, Role.Qa, TestSite.Password, oneTime: false);
        await TestSite.SignInAsync(client, email, TestSite.Password);
    }

    /// <summary>One site for all: nothing here depends on what is stored. With routes that try every policy and fail on demand.</summary>
    public sealed class Sites : IDisposable
    {
        public TestSite Site { get; } = new(services: services => services.AddSingleton<IStartupFilter, Routes>());

        public void Dispose() => Site.Dispose();

        private sealed class Routes : IStartupFilter
        {
            public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
            {
                next(app);
                app.UseEndpoints(endpoints =>
                {
                    foreach (var permission in Enum.GetValues<Permission>())
                        endpoints.MapGet($"/api/test/{permission}", () => "fine").RequireAuthorization(permission.ToString());

                    endpoints.MapPost("/api/test/change", () => "changed");
                    endpoints.MapGet("/hubs/test", () => "heard");
                    endpoints.MapGet("/api/test/fail", Fail);
                    endpoints.MapGet("/test/fail", Fail);
                    endpoints.MapGet("/api/test/full", Full);
                    endpoints.MapGet("/test/full", Full);
                });
            };

            private static string Fail() => throw new InvalidOperationException("the password is swordfish");

            private static string Full() => throw new DbUpdateException("nothing written", new SqliteException("database or disk is full", 13));
        }

    }
}
