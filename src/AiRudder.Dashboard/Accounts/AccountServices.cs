using AiRudder.Dashboard.Accounts.Audit;
using AiRudder.Dashboard.Live.Walls;
using AiRudder.Dashboard.Storage;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AiRudder.Dashboard.Accounts;

public static class AccountServices
{
    private const string EitherScheme = "Either";

    public static IServiceCollection AddAccounts(this IServiceCollection services, IConfiguration configuration)
    {
        var settings = AccountSettings.Read(configuration);
        services.AddSingleton(settings);
        services.AddSingleton<Sessions>();
        services.AddSingleton<People>();
        services.AddSingleton<ApiTokens>();
        services.AddSingleton<SetupSecret>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<AuditQueries>();
        services.AddScoped<Credentials>();
        services.AddHostedService<FirstAdministrator>();
        services.AddScoped<AuthenticationStateProvider, CircuitIdentity>();
        services.AddSingleton<CircuitCount>();
        services.AddScoped<CircuitSeat>();
        services.AddScoped<CircuitHandler>(provider => provider.GetRequiredService<CircuitSeat>());
        DataKeys.Add(services, StorageServices.Read(configuration));
        AddIdentity(services);
        AddAuthentication(services, settings);
        AddAuthorization(services);
        AddSurface(services, settings);
        return services;
    }

    /// <summary>What every request passes; nothing may come before it in the pipeline.</summary>
    public static void UseAccounts(this WebApplication app)
    {
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<SameOrigin>();
        app.UseWhen(context => Paths.IsApi(context.Request.Path), api => api
            .UseExceptionHandler(new ExceptionHandlerOptions { StatusCodeSelector = FailureReference.StatusOf })
            .UseStatusCodePages());
        app.UseWhen(
            context => Paths.IsPage(context.Request.Path),
            pages => pages
                .UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandlingPath = "/error", CreateScopeForErrors = true, StatusCodeSelector = FailureReference.StatusOf })
                .UseStatusCodePagesWithReExecute("/error", createScopeForStatusCodePages: true)
                .Use(ShowErrorsToPosts));
        app.UseRouting();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseAntiforgery();
    }

    public static void MapAccounts(this WebApplication app)
    {
        app.MapOpenApi();
        app.MapGet("/api/session", (HttpContext http) => TypedResults.Ok(new { name = http.User.Identity?.Name }))
            .WithSummary("Who asks. An open page calls it while its person is at work, so that the session does not run out.");
        app.MapPost("/sign-out", SignOutAsync).AllowAnonymous().ExcludeFromDescription();
    }

    // The page that explains a failed form is asked for like any other; as a form it would be refused for want of its token.
    private static async Task ShowErrorsToPosts(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IStatusCodeReExecuteFeature>() is not null || context.Features.Get<IExceptionHandlerFeature>() is not null)
            context.Request.Method = HttpMethods.Get;

        await next(context);

        // Such a refusal names a type for a body it does not have, which would pass for an answer with a page of its own.
        if (context.Response is { HasStarted: false, StatusCode: StatusCodes.Status400BadRequest })
            context.Response.ContentType = null;
    }

    private static async Task<IResult> SignOutAsync(HttpContext http, Sessions sessions, AuditLog audit, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(http))
            return TypedResults.BadRequest();

        if (http.User.Identity is { IsAuthenticated: true })
            await audit.WriteAsync(http, AuditAction.SignOut, "session");

        await sessions.EndAsync(http);
        return TypedResults.LocalRedirect("/sign-in");
    }

    private static void AddIdentity(IServiceCollection services)
    {
        services.AddIdentityCore<Account>(identity =>
            {
                identity.User.RequireUniqueEmail = true;
                identity.User.AllowedUserNameCharacters = "";
                identity.Lockout.MaxFailedAccessAttempts = 5;
                identity.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(15);

                // PasswordRules says all there is to say.
                identity.Password.RequiredLength = 1;
                identity.Password.RequireDigit = false;
                identity.Password.RequireLowercase = false;
                identity.Password.RequireUppercase = false;
                identity.Password.RequireNonAlphanumeric = false;
            })
            .AddEntityFrameworkStores<DashboardDb>()
            .AddSignInManager()
            .AddClaimsPrincipalFactory<AccountClaims>()
            .AddPasswordValidator<PasswordRules>();
        services.Configure<PasswordHasherOptions>(hashing => hashing.IterationCount = 210_000);
    }

    private static void AddAuthentication(IServiceCollection services, AccountSettings settings)
    {
        services.AddAuthentication(EitherScheme)
            .AddPolicyScheme(EitherScheme, null, either => either.ForwardDefaultSelector = context =>
                ApiTokenHandler.Concerns(context.Request) ? ApiTokenHandler.Name : IdentityConstants.ApplicationScheme)
            .AddScheme<AuthenticationSchemeOptions, ApiTokenHandler>(ApiTokenHandler.Name, null)
            .AddCookie(IdentityConstants.ApplicationScheme, cookie => SessionCookie.Configure(cookie, settings));
    }

    private static void AddAuthorization(IServiceCollection services) => services.AddAuthorization(options =>
    {
        Permissions.AddPolicies(options);

        // Deny by default. Every role may view, so this is "signed in, and not with a one-time password". Below the door there is
        // nothing to see where no endpoint is: it answers 404 by itself instead of leading its sender to a sign-in page.
        options.DefaultPolicy = options.GetPolicy(nameof(Permission.View))!;
        options.FallbackPolicy = new AuthorizationPolicyBuilder()
            .RequireAssertion(context => Permissions.Allows(context.User, Permission.View) || IsCircuitOfAScreen(context) || IsNothingAtTheDoor(context.Resource as HttpContext))
            .Build();
    });

    private static bool IsCircuitOfAScreen(AuthorizationHandlerContext context) =>
        WallSession.IdOf(context.User) is not null && context.Resource is HttpContext http && http.Request.Path.StartsWithSegments("/_blazor");

    private static bool IsNothingAtTheDoor(HttpContext? context) =>
        context is not null && Paths.IsDoor(context.Request.Path) && context.GetEndpoint() is null or { Metadata.Count: 0 };

    private static void AddSurface(IServiceCollection services, AccountSettings settings)
    {
        services.AddLogging(logging => logging.AddFilter(typeof(ApiTokenHandler).FullName, LogLevel.Warning));
        services.AddRateLimiter(limits => SignInLimit.Configure(limits, settings));
        services.AddOpenApi(ApiDescription.Configure);
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = context =>
            context.ProblemDetails.Detail ??= context.ProblemDetails.Status switch
            {
                StatusCodes.Status401Unauthorized => "Send an API token of the configuration as 'Authorization: Bearer …'; to read, a signed-in browser will do.",
                StatusCodes.Status403Forbidden => "The role of this token or person does not allow it.",
                StatusCodes.Status503ServiceUnavailable => "The database cannot be read or written now: its disk may be full, or something else holds it. Try again after the time in Retry-After; 'doctor' and the log name the cause.",
                _ => null,
            });
        services.AddExceptionHandler<FailureReference>();
        services.AddAntiforgery(form =>
        {
            form.Cookie.Name = "AiRudder.Form";
            form.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            form.Cookie.SameSite = SameSiteMode.Strict;
        });
        services.Configure<KestrelServerOptions>(kestrel => kestrel.AddServerHeader = false);
        services.Configure<CircuitOptions>(circuit =>
        {
            circuit.DisconnectedCircuitMaxRetained = 50;
            circuit.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(2);
            circuit.MaxBufferedUnacknowledgedRenderBatches = 10;
            circuit.JSInteropDefaultCallTimeout = TimeSpan.FromSeconds(30);
        });
    }
}
