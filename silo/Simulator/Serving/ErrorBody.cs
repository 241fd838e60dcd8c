using System.Text.Json;

namespace Informer.Ai.Simulator.Serving;

/// <summary>The error object of the OpenAI API.</summary>
internal static class ErrorBody
{
    public static byte[] Of(int status, string? code, string message, string? param = null) =>
        JsonSerializer.SerializeToUtf8Bytes(new
        {
            error = new { message, type = Type(status), param, code = code ?? UsualCode(status) },
        });

    private static string Type(int status) => status switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        429 => "rate_limit_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };

    private static string? UsualCode(int status) => status switch
    {
        401 => "invalid_api_key",
        404 => "model_not_found",
        429 => "rate_limit_exceeded",
        500 => "server_error",
        503 => "service_unavailable",
        _ => null,
    };
}
