using System.Text.Json;
using AiRudder.Dashboard.Layout;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.JSInterop;
using Microsoft.JSInterop.Infrastructure;

namespace AiRudder.Dashboard.Tests.Layout;

public sealed class SparingJsonTests
{
    private static Scripts Runtime()
    {
        var services = new ServiceCollection().AddScoped<IJSRuntime, Scripts>();
        SparingJson.AddTo(services);
        return (Scripts)services.BuildServiceProvider().CreateScope().ServiceProvider.GetRequiredService<IJSRuntime>();
    }

    [Fact]
    public async Task Arguments_AreWrittenAsBefore()
    {
        object?[] arguments = [1, 2L, 0.5, "words", true, null, DayOfWeek.Friday, new { Later = TimeSpan.FromSeconds(1), At = DateTimeOffset.UnixEpoch, Many = new List<int> { 1, 2 } }];
        var (sparing, plain) = (Runtime(), new Scripts());

        await sparing.InvokeVoidAsync("draw", arguments);
        await plain.InvokeVoidAsync("draw", arguments);

        Assert.Contains("words", sparing.Told, StringComparison.Ordinal);
        Assert.Equal(plain.Told, sparing.Told);
    }

    [Fact]
    public async Task InterfacesOfNumbersAndWords_AreNotLearnt()
    {
        var runtime = Runtime();

        await runtime.InvokeVoidAsync("draw", 1, "words");

        Assert.False(runtime.Options.TryGetTypeInfo(typeof(IComparable), out _));
        Assert.False(runtime.Options.TryGetTypeInfo(typeof(System.Numerics.INumber<int>), out _));
        Assert.True(runtime.Options.TryGetTypeInfo(typeof(IReadOnlyList<string>), out _));
    }

    [Fact]
    public void Framework_LetsItsRuntimeBeFound()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        SparingJson.AddTo(builder.Services);
        using var scope = builder.Build().Services.CreateScope();

        Assert.IsAssignableFrom<JSRuntime>(scope.ServiceProvider.GetRequiredService<IJSRuntime>());
    }

    private sealed class Scripts : JSRuntime
    {
        public JsonSerializerOptions Options => JsonSerializerOptions;

        public string Told { get; private set; } = "";

        protected override void BeginInvokeJS(long taskId, string identifier, string? argsJson, JSCallResultType resultType, long targetInstanceId) => Answer(taskId, argsJson);

        protected override void BeginInvokeJS(in JSInvocationInfo invocationInfo) => Answer(invocationInfo.AsyncHandle, invocationInfo.ArgsJson);

        protected override void EndInvokeDotNet(DotNetInvocationInfo invocationInfo, in DotNetInvocationResult invocationResult)
        {
            // Nothing calls back.
        }

        private void Answer(long call, string? arguments)
        {
            Told = arguments ?? "";
            DotNetDispatcher.EndInvokeJS(this, $"[{call},true,null]");
        }
    }
}
