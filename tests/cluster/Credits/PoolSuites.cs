[assembly: AssemblyFixture(typeof(Informer.Ai.PostgresFixture))]

namespace Informer.Ai.Credits;

public sealed class SqliteAdmissionTests() : AdmissionTests(PoolStores.Sqlite);

public sealed class PostgresAdmissionTests(PostgresFixture postgres) : AdmissionTests(PoolStores.On(postgres));

public sealed class SqliteExpiryTests() : ExpiryTests(PoolStores.Sqlite);

public sealed class PostgresExpiryTests(PostgresFixture postgres) : ExpiryTests(PoolStores.On(postgres));

public sealed class SqliteReserveTests() : ReserveTests(PoolStores.Sqlite);

public sealed class PostgresReserveTests(PostgresFixture postgres) : ReserveTests(PoolStores.On(postgres));

public sealed class SqliteSettleTests() : SettleTests(PoolStores.Sqlite);

public sealed class PostgresSettleTests(PostgresFixture postgres) : SettleTests(PoolStores.On(postgres));

public sealed class SqliteUnknownCommitTests() : UnknownCommitTests(PoolStores.Sqlite);

public sealed class PostgresUnknownCommitTests(PostgresFixture postgres) : UnknownCommitTests(PoolStores.On(postgres));

public sealed class SqliteVerificationTests() : VerificationTests(PoolStores.Sqlite);

public sealed class PostgresVerificationTests(PostgresFixture postgres) : VerificationTests(PoolStores.On(postgres));

public sealed class SqliteBoundsTests() : BoundsTests(PoolStores.Sqlite);

public sealed class PostgresBoundsTests(PostgresFixture postgres) : BoundsTests(PoolStores.On(postgres));
