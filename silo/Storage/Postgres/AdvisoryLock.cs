namespace Informer.Ai.Storage.Postgres;

/// <summary>What only one process of a cluster does at a time. Any numbers will do that nothing else in the database takes.</summary>
internal enum AdvisoryLock : long
{
    Migrations = 0x49_4E_46_4F_52_4D,
    Bootstrap,
}
