using Informer.Ai;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
try
{
    await using var profile = await Profile.Use(builder);
    await using var app = builder.Build();
    if (args is [RollupRebuild.Command, ..])
    {
        await RollupRebuild.Run(app.Services, args.ElementAtOrDefault(1));
        return 0;
    }

    if (args is [MemoryRebuild.Command, ..])
    {
        await MemoryRebuild.Run(app.Services, args.ElementAtOrDefault(1));
        return 0;
    }

    app.MapGateway();
    await app.RunAsync();
    return 0;
}
catch (StartupException refused)
{
    await Console.Error.WriteLineAsync(refused.Message);
    return 1;
}
