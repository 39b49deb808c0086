using System.Security.Claims;
using System.Text.Encodings.Web;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Recordings;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Recordings;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Tests.Calls;

/// <summary>The calls API alone on a real port; the header <c>X-Role</c> says who asks.</summary>
internal sealed class CallsHost : IAsyncDisposable
{
    private readonly WebApplication app;

    private CallsHost(WebApplication app, List<string> logged) => (this.app, Logged) = (app, logged);

    /// <summary>Every line written, from the start.</summary>
    public List<string> Logged { get; }

    public HttpClient Client { get; private set; } = null!;

    public static async Task<CallsHost> StartAsync(TestStore store, params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0").UseKestrelCore();
        builder.Configuration.AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Name, (string?)pair.Value)));
        builder.Logging.ClearProviders();
        var sink = new Sink();
        builder.Logging.AddProvider(sink).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddSingleton<TimeProvider>(new TestClock());
        builder.Services.AddSingleton(store.Contexts);
        builder.Services.AddSingleton(store.Services.GetRequiredService<WriteGate>());
        builder.Services.AddSingleton(store.Services.GetRequiredService<DataDirectory>());
        builder.Services.AddSingleton(store.Services.GetRequiredService<IOptions<StorageOptions>>());
        builder.Services.AddSingleton(RecordingBench.Protection);
        builder.Services.AddSingleton<AiRudder.Dashboard.Accounts.Audit.AuditLog>();
        builder.Services.AddIntentions();
        builder.Services.AddCalls();
        builder.Services.AddRecordings();
        builder.Services.AddAuthentication("role").AddScheme<AuthenticationSchemeOptions, RoleHeader>("role", null);
        builder.Services.AddAuthorization(Permissions.AddPolicies);
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapCalls();
        app.MapRecordings();
        await app.StartAsync();
        var host = new CallsHost(app, sink.Lines);
        host.Client = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };
        host.As(Role.Administrator);
        return host;
    }

    public void As(Role? role)
    {
        Client.DefaultRequestHeaders.Remove("X-Role");
        if (role is { } known)
        {
            Client.DefaultRequestHeaders.Add("X-Role", known.ToString());
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
    }

    private sealed class RoleHeader(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Headers["X-Role"].ToString() is { Length: > 0 } role
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Role, role)], "role")), "role"))
            : AuthenticateResult.NoResult());
    }

    private sealed class Sink : ILoggerProvider, ILogger
    {
        public List<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? error, Func<TState, Exception?, string> text)
        {
            lock (Lines)
            {
                Lines.Add(text(state, error) + error);
            }
        }

        public bool IsEnabled(LogLevel level) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Dispose()
        {
        }
    }
}
