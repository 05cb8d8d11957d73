using System.Net;
using Hil.Jobs;
using Hil.Jobs.Artefacts;
using Hil.Service.Api;
using Hil.Service.Queue;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog;
using Serilog.Events;

namespace Hil.Service;

/// <summary>Puts the hosted service together: queue, workers and API over one data folder.</summary>
public static class HilService
{
    /// <summary>Time that running jobs have to stop; what does not is started again next time.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(5);

    /// <param name="options">Of the service.</param>
    /// <param name="runner">Makes the runner of jobs over the service's object store.</param>
    public static WebApplication Build(ServiceOptions options, Func<ObjectStore, IJobRunner> runner)
    {
        string folder = Path.GetFullPath(options.DataFolder);
        var queue = new JobQueue(folder, TimeProvider.System);
        var store = new ObjectStore(Path.Combine(folder, "objects"));

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSerilog(log => log
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            // Data go to standard output; this is not data.
            .WriteTo.Console(standardErrorFromLevel: LogEventLevel.Verbose)
            .WriteTo.File(Path.Combine(folder, "logs", "hil-.log"), rollingInterval: RollingInterval.Day));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.Limits.MaxRequestBodySize = options.MaxUploadBytes;
        });
        builder.Services.Configure<FormOptions>(form => form.MultipartBodyLengthLimit = options.MaxUploadBytes);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTime);
        builder.Services.AddSingleton(options);
        // As factories, so that the container disposes of the queue last.
        builder.Services.AddSingleton(_ => queue);
        builder.Services.AddSingleton(_ => store);
        builder.Services.AddSingleton(_ => runner(store));
        builder.Services.AddSingleton<JobWorker>();
        builder.Services.AddHostedService(services => services.GetRequiredService<JobWorker>());

        WebApplication app = builder.Build();
        app.UseLoopbackOnly();
        app.MapJobs(options, app.Services.GetRequiredService<JobQueue>(), store,
            app.Services.GetRequiredService<JobWorker>());
        return app;
    }
}
