using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.JSInterop;

namespace AiRudder.Dashboard.Layout;

/// <summary>
/// How circuits learn to write what they tell scripts. Each has JSON options of its own, because their converters know the circuit, and learns
/// everything anew. Before a value is written as an <see cref="object"/>, every interface and base of its type is learnt as well, in case it says
/// that it is one of several kinds: thirty for a number, none of which ever says so. They were a fifth of what an idle page holds.
/// </summary>
/// <param name="all">Knows every type.</param>
public sealed class SparingJson(IJsonTypeInfoResolver all) : IJsonTypeInfoResolver
{
    private static readonly SparingJson OfCircuits = new(new DefaultJsonTypeInfoResolver());

    /// <summary>Gives the options of every circuit this resolver before they are used.</summary>
    /// <param name="services">With the framework's runtime of scripts.</param>
    public static void AddTo(IServiceCollection services)
    {
        var framework = services.Last(service => service.ServiceType == typeof(IJSRuntime)).ImplementationType
            ?? throw new InvalidOperationException("The framework's runtime of scripts is not registered as a type.");
        var create = ActivatorUtilities.CreateFactory(framework, []);
        services.AddScoped(provider =>
        {
            var runtime = (IJSRuntime)create(provider, null);
            if (runtime is JSRuntime scripts)
            {
                OptionsOf(scripts).TypeInfoResolver ??= OfCircuits;
            }

            return runtime;
        });
    }

    public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options) =>
        IsAncestorOnly(type) ? null : all.GetTypeInfo(type, options);

    /// <summary>Nothing is declared as one of these and then written: they are only ever looked at as what something else is as well.</summary>
    private static bool IsAncestorOnly(Type type) =>
        type == typeof(ValueType) || type == typeof(Enum) ||
        (type.IsInterface && type.Namespace switch
        {
            "System" or "System.Numerics" or "System.Runtime.Serialization" or "System.Collections" => true,
            "System.Collections.Generic" => type.GenericTypeArguments is [var item] && (item == typeof(char) || (item.IsGenericType && item.GetGenericTypeDefinition() == typeof(KeyValuePair<,>))),
            _ => false,
        });

    /// <summary>Open to whoever derives from the runtime; the framework's own cannot be derived from.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_" + nameof(JsonSerializerOptions))]
    private static extern JsonSerializerOptions OptionsOf(JSRuntime runtime);
}
