using AiRudder.Dashboard.Operations;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Operations;

/// <summary>A command started beside the server, on a data directory: it shares nothing with the server but the files.</summary>
internal sealed class Operator : IDisposable
{
    private readonly ServiceProvider services;

    public Operator(string folder, TimeProvider? clock = null, Dictionary<string, string?>? settings = null)
    {
        Folder = folder;
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(settings ?? []) { ["DataDirectory"] = folder }).Build();
        services = new ServiceCollection().AddLogging().AddSingleton(configuration).AddSingleton(clock ?? TimeProvider.System).AddStorage(configuration)
            .AddWebhooks(configuration, NodeRole.All).BuildServiceProvider();
    }

    public string Folder { get; }

    /// <summary>What was said.</summary>
    public StringWriter Output { get; } = new();

    public DataDirectory Directory => services.GetRequiredService<DataDirectory>();

    public Task<bool> BackUpAsync(string file, bool force = false, CancellationToken cancel = default) =>
        ActivatorUtilities.CreateInstance<Backup>(services, Output).WriteAsync(file, force, cancel);

    public Task RestoreAsync(string file, bool force = false) => ActivatorUtilities.CreateInstance<Restore>(services, Output).ReadAsync(file, force, default);

    public Task<bool> ExamineAsync() => Doctor.RunAsync(services, Output, default);

    public void Dispose() => services.Dispose();
}
