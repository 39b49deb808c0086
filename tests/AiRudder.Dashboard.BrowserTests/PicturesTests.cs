using AiRudder.Dashboard.Accounts;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiRudder.Dashboard.BrowserTests;

/// <summary>Makes the README's pictures, when asked to by the variable PICTURES; otherwise skipped.</summary>
[Collection(nameof(ProductFloor))]
public sealed class PicturesTests(ProductFloor floor)
{
    [PicturesFact]
    public async Task Pictures_OfFloorAndCall_AreTaken()
    {
        await floor.SimulateAsync(600, seed: 3);
        await using var visitor = await floor.SignInAsync(Role.Supervisor);
        var page = visitor.Page;
        await page.GotoAsync("/");
        await SettleAsync(page);
        await page.ScreenshotAsync(new() { Path = PathOf("floor.png") });

        await page.GotoAsync("/calls?hasRecording=true&minDuration=40");
        await page.Locator("main tbody a[href^='/calls/']").First.ClickAsync();
        await page.WaitForURLAsync(url => url.Contains("/calls/", StringComparison.Ordinal));
        await page.WaitForFunctionAsync("() => document.querySelector('[data-testid=audio]')?.readyState >= 1");
        await SettleAsync(page);
        await page.ScreenshotAsync(new() { Path = PathOf("call.png") });
    }

    private static async Task SettleAsync(IPage page)
    {
        await Expect(page.Locator(".bone")).ToHaveCountAsync(0);
        await page.WaitForTimeoutAsync(1500);
    }

    /// <summary>In the source folder, from which the README shows them.</summary>
    private static string PathOf(string name, [System.Runtime.CompilerServices.CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "Pictures", name);
}

/// <summary>A test that writes into the source folder and is therefore asked for by name.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PicturesFactAttribute : FactAttribute
{
    public PicturesFactAttribute() => Skip =
        Chromium.Path is null ? Chromium.Missing
        : Environment.GetEnvironmentVariable("PICTURES") is null ? "writes the README's pictures; set PICTURES=1 to make them"
        : null;
}
