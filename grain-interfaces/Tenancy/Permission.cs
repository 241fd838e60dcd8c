namespace Informer.Ai.Tenancy;

/// <summary>What a user may do beyond using AI with its own chats.</summary>
public static class Permission
{
    /// <summary>Write models and providers.</summary>
    public const string AiManage = "ai.manage";

    /// <summary>Everything in its own tenant.</summary>
    public const string TenantSuperuser = "tenant.superuser";

    /// <summary>Write usage profiles and entity budgets.</summary>
    public const string UsageWrite = "usage.write";

    /// <summary>Read usage reports, change the subscription.</summary>
    public const string BillingManage = "billing.manage";

    /// <summary>Create and disable tenants; never see a tenant's content.</summary>
    public const string PlatformOperator = "platform.operator";
}
