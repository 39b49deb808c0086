using System.Xml.Linq;
using AiRudder.Dashboard.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Accounts;

/// <summary>
/// Data-protection keys seal cookies and form tokens. One node keeps them as files beside its SQLite file; several nodes share
/// them in their database. They are not encrypted themselves (ASP.NET Core says so at start): who can read that folder or that
/// table must be trusted, or the disk encrypted.
/// </summary>
public sealed class DataKeys(IDbContextFactory<DashboardDb> contexts) : IXmlRepository
{
    public static void Add(IServiceCollection services, StorageOptions storage)
    {
        var protection = services.AddDataProtection().SetApplicationName("AiRudder.Dashboard");
        if (storage.Provider == StorageProvider.SqlServer)
        {
            services.AddSingleton<DataKeys>();
            services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
                new ConfigureOptions<KeyManagementOptions>(options => options.XmlRepository = provider.GetRequiredService<DataKeys>()));
        }
        else
        {
            protection.PersistKeysToFileSystem(Folder(storage));
        }
    }

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = contexts.CreateDbContext();
        return [.. db.DataKeys.AsNoTracking().Select(key => key.Xml).AsEnumerable().Select(XElement.Parse)];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var db = contexts.CreateDbContext();
        db.DataKeys.Add(new() { Name = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting) });
        db.SaveChanges();
    }

    private static DirectoryInfo Folder(StorageOptions storage)
    {
        var path = Path.Combine(storage.DataDirectory, "keys");
        return OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(path)
            : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
