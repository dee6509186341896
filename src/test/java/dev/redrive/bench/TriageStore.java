package dev.redrive.bench;

import dev.redrive.Settings;
import dev.redrive.ingest.BulkLoader;
import dev.redrive.postgres.Database;
import dev.redrive.postgres.Migrations;
import dev.redrive.testkit.Postgres;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Postgres under {@code target/bench} with the letters of {@link TriageLetters}, filled by {@link BulkLoader} and kept
 * for the next run. Memory settings of a small server of its own, 1 GB of shared buffers.
 */
final class TriageStore implements AutoCloseable {

    private static final int CHUNK = 5_000;

    /** People have worked on a third of the letters. */
    private static final String SPREAD = """
            UPDATE letter_state SET
              status = (ARRAY['discarded', 'discarded', 'discarded', 'replayed', 'recovered', 'returned'])[letter_id %% 20 + 1],
              returns = CASE WHEN letter_id %% 20 = 5 THEN 1 ELSE 0 END
            WHERE letter_id >= %1$d AND letter_id < %2$d AND letter_id %% 20 < 6""";

    private static final String OWNED = """
            UPDATE letter_state SET assignee = CASE WHEN letter_id % 2 = 0 THEN 'ana' ELSE 'ben' END,
              tags = CASE WHEN letter_id % 3 = 0 THEN '{incident-4711}'::text[] ELSE '{}' END
            WHERE letter_id % 101 = 0""";

    private final Postgres postgres;
    private final String database;

    private TriageStore(Postgres postgres, String database) {
        this.postgres = postgres;
        this.database = database;
    }

    /** The schema and nothing in it, as far as nobody filled it before. */
    static TriageStore empty(Path folder) throws Exception {
        var postgres = Postgres.in(folder);
        var store = new TriageStore(postgres, postgres.database("triage"));
        store.tune();
        Migrations.run(store.settings());
        return store;
    }

    static TriageStore open(int letters) throws Exception {
        var store = empty(Path.of("target", "bench", "postgres-" + letters));
        if (store.number("SELECT count(*) FROM saved_view WHERE name = 'loaded'") == 0) {
            store.fill(letters);
        }
        return store;
    }

    /** Takes a restart, because shared memory is taken at the start. */
    private void tune() throws SQLException {
        if (number("SELECT setting::bigint FROM pg_settings WHERE name = 'shared_buffers'") < 100_000) {
            for (var setting : List.of(
                    "shared_buffers = '1GB'",
                    "max_wal_size = '4GB'",
                    "effective_cache_size = '4GB'",
                    "checkpoint_timeout = '30min'")) {
                execute("ALTER SYSTEM SET " + setting);
            }
            postgres.stopImmediately();
            postgres.start();
        }
    }

    private void fill(int count) throws Exception {
        var letters = new TriageLetters(count, System.currentTimeMillis());
        var vertx = Vertx.vertx();
        long began = System.nanoTime();
        try {
            var pool = new Database(settings()).open(vertx);
            var loader = new BulkLoader(pool, "triage-cluster", "main");
            for (int from = 0; from < count; from += CHUNK) {
                loader.load(letters.records(from, Math.min(count, from + CHUNK)));
            }
        } finally {
            vertx.close().await(30, TimeUnit.SECONDS);
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf("loaded %,d letters in %.0f s, %.0f letters/s%n", count, seconds, count / seconds);
        for (int from = 0; from <= count; from += 10 * CHUNK) {
            execute(SPREAD.formatted(from, from + 10 * CHUNK));
        }
        execute(OWNED);
        execute(
                "INSERT INTO saved_view (owner, name, shared, target, q, columns) VALUES ('bench', 'loaded', false, 'letters', '', '{}')");
        execute("VACUUM ANALYZE");
    }

    Settings.Database settings() {
        return new Settings.Database(database, 8);
    }

    String url() {
        return database;
    }

    long number(String sql) throws SQLException {
        try (var connection = connect();
                var rows = connection.createStatement().executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    void execute(String sql) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection connect() throws SQLException {
        var url = URI.create(database);
        var user = url.getUserInfo().split(":", 2);
        var jdbc = "jdbc:postgresql://" + url.getHost() + ":" + url.getPort() + url.getPath();
        return DriverManager.getConnection(jdbc, user[0], user[1]);
    }

    @Override
    public void close() {
        postgres.close();
    }
}
