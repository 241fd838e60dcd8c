namespace Informer.Ai.Errors;

/// <summary>The <c>code</c> of an error body: what a client may branch on. Never renamed.</summary>
public static class ErrorCodes
{
    public const string Unauthenticated = "UNAUTHENTICATED";
    public const string AiNotEnabled = "AI_NOT_ENABLED";
    public const string Forbidden = "FORBIDDEN";
    public const string NotFound = "NOT_FOUND";
    public const string MethodNotAllowed = "METHOD_NOT_ALLOWED";
    public const string Invalid = "INVALID";
    public const string MalformedJson = "MALFORMED_JSON";
    public const string BodyTooLarge = "BODY_TOO_LARGE";
    public const string UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE";
    public const string ModelNotFound = "MODEL_NOT_FOUND";
    public const string ModelCapability = "MODEL_CAPABILITY";
    public const string EnterpriseCredentialRequired = "ENTERPRISE_CREDENTIAL_REQUIRED";
    public const string ProviderManaged = "PROVIDER_MANAGED";
    public const string ProviderInUse = "PROVIDER_IN_USE";
    public const string SlugTaken = "SLUG_TAKEN";
    public const string TurnInProgress = "TURN_IN_PROGRESS";
    public const string NotEntitled = "NOT_ENTITLED";
    public const string TierNotAllowed = "TIER_NOT_ALLOWED";
    public const string CreditLimit = "CREDIT_LIMIT";
    public const string EntityBudget = "ENTITY_BUDGET";
    public const string PoolExhausted = "POOL_EXHAUSTED";
    public const string LedgerUnavailable = "LEDGER_UNAVAILABLE";
    public const string LedgerInconsistent = "LEDGER_INCONSISTENT";
    public const string Overloaded = "OVERLOADED";
    public const string Draining = "DRAINING";
    public const string Unavailable = "UNAVAILABLE";
}
