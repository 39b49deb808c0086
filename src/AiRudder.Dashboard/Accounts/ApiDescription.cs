using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AiRudder.Dashboard.Accounts;

/// <summary>Says in the description of the API how callers prove who they are.</summary>
public static class ApiDescription
{
    public static void Configure(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Info.Title = "AiRudder.Dashboard";
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [ApiTokenHandler.Name] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A token of ApiTokens in the configuration." },
        };
        document.Security = [new() { [new OpenApiSecuritySchemeReference(ApiTokenHandler.Name, document)] = [] }];
        return Task.CompletedTask;
    });
}
