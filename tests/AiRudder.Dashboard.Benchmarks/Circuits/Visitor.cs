using System.Net;
using System.Text.RegularExpressions;

namespace AiRudder.Dashboard.Benchmarks.Circuits;

/// <summary>A person who is signed in without a browser.</summary>
internal sealed partial class Visitor : IDisposable
{
    private readonly CookieContainer cookies = new();
    private readonly HttpClient http;

    private Visitor(Uri address) =>
        http = new HttpClient(new SocketsHttpHandler { UseProxy = false, CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = address };

    public static async Task<Visitor> SignInAsync(Uri address, string email, string password)
    {
        var visitor = new Visitor(address);
        var form = await visitor.http.GetStringAsync(new Uri("/sign-in", UriKind.Relative));
        using var entry = new FormUrlEncodedContent(
        [
            new("_handler", "sign-in"), new("__RequestVerificationToken", AntiforgeryToken().Match(form).Groups[1].Value),
            new("Form.Email", email), new("Form.Password", password),
        ]);
        using var answer = await visitor.http.PostAsync(new Uri("/sign-in", UriKind.Relative), entry);
        return answer.StatusCode == HttpStatusCode.Redirect ? visitor : throw new InvalidOperationException($"Signing in was answered {(int)answer.StatusCode}.");
    }

    /// <summary>Opens pages, a few at a time.</summary>
    public async Task<List<Circuit>> OpenAsync(string path, int count)
    {
        var open = new List<Circuit>(count);
        foreach (var some in Enumerable.Range(0, count).Chunk(4))
        {
            open.AddRange(await Task.WhenAll(some.Select(_ => Circuit.OpenAsync(http, cookies, path))));
        }

        return open;
    }

    public static async Task CloseAsync(IEnumerable<Circuit> circuits)
    {
        foreach (var circuit in circuits)
        {
            await circuit.DisposeAsync();
        }
    }

    public void Dispose() => http.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex AntiforgeryToken();
}
