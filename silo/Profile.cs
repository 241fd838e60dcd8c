using System.ComponentModel.DataAnnotations;

namespace Informer.Ai;

/// <summary>How a process takes part, as <c>Informer:Mode</c> says.</summary>
public static class Profile
{
    /// <summary>Sets a host up; what is returned must outlive it.</summary>
    /// <exception cref="StartupException">A setting is impossible, or the store cannot be used.</exception>
    public static async Task<IAsyncDisposable> Use(WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = Validated(builder.Configuration.GetSection(SharedProfile.Section));
        return options.Mode == "Cluster"
            ? await ClusterProfile.Use(builder, options)
            : await EmbeddedProfile.Use(builder, options);
    }

    private static InformerOptions Validated(IConfiguration section)
    {
        var options = new InformerOptions();
        try
        {
            section.Bind(options);
            Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        }
        catch (Exception invalid) when (invalid is ValidationException or InvalidOperationException)
        {
            throw new StartupException(invalid.Message, invalid);
        }

        return options;
    }
}
