using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Memories;
using Informer.Ai.Tenancy;

namespace Informer.Ai.Storage;

public sealed class SqliteLedgerTests() : LedgerBehaviour(new SqliteUnderTest());

public sealed class SqliteLedgerAuditTests() : LedgerAuditBehaviour(new SqliteUnderTest());

public sealed class SqliteChatStoreTests() : ChatStoreBehaviour(new SqliteUnderTest());

public sealed class SqliteCheckpointStoreTests() : CheckpointStoreBehaviour(new SqliteUnderTest());

public sealed class SqliteMemoryStoreTests() : MemoryStoreBehaviour(new SqliteUnderTest());

public sealed class SqliteAccountStoreTests() : AccountStoreBehaviour(new SqliteUnderTest());

public sealed class SqliteGrainStorageTests() : GrainStorageBehaviour(new SqliteUnderTest());
