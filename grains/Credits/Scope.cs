namespace Informer.Ai.Credits;

/// <summary>Whose month is counted.</summary>
public enum ScopeKind
{
    Actor = 0,
    Entity = 1,
}

/// <summary>An actor or entity in one month.</summary>
/// <param name="Key">A user id, or "type:id" of an entity.</param>
public readonly record struct Scope(ScopeKind Kind, string Key, Period Period)
{
    /// <summary>A user's or agent's month.</summary>
    public static Scope Of(Tenancy.UserId actor, Period period) => new(ScopeKind.Actor, actor.Value, period);

    /// <summary>An app's or dataset's month.</summary>
    public static Scope Of(EntityRef entity, Period period) => new(ScopeKind.Entity, KeyOf(entity), period);

    /// <summary>The form in which an entity stands in keys: its type has no colon in it.</summary>
    public static string KeyOf(EntityRef entity) => $"{entity.Type}:{entity.Id}";
}
