using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Memories;
using Informer.Ai.Tenancy;

namespace Informer.Ai.Storage;

public sealed class PostgresLedgerTests(PostgresFixture postgres) : LedgerBehaviour(new PostgresUnderTest(postgres));

public sealed class PostgresLedgerAuditTests(PostgresFixture postgres) : LedgerAuditBehaviour(new PostgresUnderTest(postgres));

public sealed class PostgresChatStoreTests(PostgresFixture postgres) : ChatStoreBehaviour(new PostgresUnderTest(postgres));

public sealed class PostgresCheckpointStoreTests(PostgresFixture postgres) : CheckpointStoreBehaviour(new PostgresUnderTest(postgres));

public sealed class PostgresMemoryStoreTests(PostgresFixture postgres) : MemoryStoreBehaviour(new PostgresUnderTest(postgres));

public sealed class PostgresAccountStoreTests(PostgresFixture postgres) : AccountStoreBehaviour(new PostgresUnderTest(postgres));

public sealed class PostgresGrainStorageTests(PostgresFixture postgres) : GrainStorageBehaviour(new PostgresUnderTest(postgres));
