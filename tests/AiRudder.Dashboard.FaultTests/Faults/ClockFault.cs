using System.Globalization;
using System.Net;
using AiRudder.Dashboard.FaultTests.Rig;

namespace AiRudder.Dashboard.FaultTests.Faults;

/// <summary>The clock jumps by a year, forth and back, while deliveries arrive.</summary>
internal sealed class ClockFault : Fault
{
    public override string Name => "clock";

    public override string Proves => "L8";

    public override async Task PlayAsync(string scratch, bool isShort, Verdict verdict)
    {
        if (await Shim.CreateAsync(scratch) is not { } shim)
        {
            verdict.Skip(Shim.Unavailable);
            return;
        }

        await using var product = new Product(Folder(scratch), shim: shim);
        using var ledger = new Ledger(scratch);
        using var sender = new Sender(product.Webhook, ledger);
        await product.StartAsync();
        var order = new List<string>();
        foreach (var days in isShort ? new[] { 0, 365, 0, -365, 0 } : [0, 365, 0, -365, 0, 1, -1, 3650, -3650, 0])
        {
            shim.ClockOffset = TimeSpan.FromDays(days);
            for (var i = 0; i < 20; i++)
            {
                var body = SentBody.Next();
                verdict.Demand(await sender.PostAsync(body) == HttpStatusCode.OK, $"a delivery was not accepted with the clock wrong by {days} days");
                order.Add(body.Sha256);
            }

            verdict.Demand(await product.StatusAsync("/health/ready") == HttpStatusCode.OK, $"/health/ready is not well with the clock wrong by {days} days");
            verdict.Demand(await product.StatusAsync("/api/deliveries?limit=1") == HttpStatusCode.OK, $"the API token does not work with the clock wrong by {days} days");
            await new Inspection(product, verdict).SettleAsync(TimeSpan.FromMinutes(1));
        }

        var ids = order.Where(ledger.Acknowledged.ContainsKey).Select(sha => long.Parse(ledger.Acknowledged[sha], CultureInfo.InvariantCulture)).ToList();
        verdict.Demand(ids.SequenceEqual(ids.Order()), "deliveries are not in the order of their arrival");
        verdict.Count(ledger);
        await new Inspection(product, verdict).CompareAsync(ledger);
    }
}
