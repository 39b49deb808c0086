using System.Xml.Linq;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Accounts;

public sealed class DataKeysTests : IDisposable
{
    private readonly TestStore store = new();

    public void Dispose() => store.Dispose();

    [Fact]
    public void OneNodeReadsWhatAnotherSealed()
    {
        var sealedText = Node().Protect("a cookie");
        Assert.Equal("a cookie", Node().Unprotect(sealedText));
        Assert.Single(new DataKeys(store.Contexts).GetAllElements());

        IDataProtector Node()
        {
            var services = new ServiceCollection().AddLogging().AddSingleton(store.Contexts);
            DataKeys.Add(services, new StorageOptions { Provider = StorageProvider.SqlServer });
            return services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>().CreateProtector("test");
        }
    }

    [Fact]
    public void StoreElement_KeepsTheXml()
    {
        var keys = new DataKeys(store.Contexts);
        keys.StoreElement(new XElement("key", new XAttribute("id", 1)), "key-1");
        Assert.Equal("<key id=\"1\" />", keys.GetAllElements().Single().ToString());
    }

    [Fact]
    public async Task Sqlite_KeysLieBesideTheDatabase()
    {
        using var site = new TestSite();
        using var client = site.Anonymous();
        await client.GetAsync("/sign-in");
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(site.Folder, "keys"), "key-*.xml"));
    }
}
