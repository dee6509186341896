package dev.redrive.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A real Postgres 18. {@link #shared()} is one for all tests, from the chosen {@link Backend}; a test that stops or
 * pauses its server takes one of its {@link #own()}, which is always a process of this machine.
 */
public final class Postgres implements AutoCloseable {

    /**
     * Of a server whose hundreds of databases live for seconds. The vacuum would start a process for one after the other
     * of them; each new one is a checkpoint, after which every page that changes would be written to the log whole.
     */
    private static final Map<String, String> FOR_SHORT_LIVES = Map.of(
            "autovacuum", "off",
            "full_page_writes", "off",
            "io_method", "sync",
            // Of tests that run side by side.
            "max_connections", "300",
            "max_logical_replication_workers", "0");

    private static final String PREPARED_TEMPLATE = "redrive_template";

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static @Nullable Postgres shared;

    private final URI address;
    private final @Nullable PostgresServer server;
    private final String template;
    private boolean templateIsThere;

    private Postgres(URI address, @Nullable PostgresServer server) {
        this(address, server, "redrive_template_" + UUID.randomUUID().toString().replace("-", ""), false);
    }

    private Postgres(URI address, @Nullable PostgresServer server, String template, boolean templateIsThere) {
        this.address = address;
        this.server = server;
        this.template = template;
        this.templateIsThere = templateIsThere;
    }

    public static synchronized Postgres shared() {
        if (shared == null) {
            shared = switch (Backend.chosen()) {
                case EMBEDDED -> fresh(FOR_SHORT_LIVES);
                case CONTAINERS -> container();
                case EXTERNAL -> new Postgres(URI.create(Backend.address("REDRIVE_TEST_DATABASE_URL")), null);
            };
        }
        return shared;
    }

    /** A server with empty data for one test; close it. */
    public static Postgres own() {
        return fresh(Map.of());
    }

    private static Postgres fresh(Map<String, String> settings) {
        var directory = ownDirectory();
        if (!Preparation.hasPostgres()) {
            return at(directory, settings);
        }
        PostgresServer.copy(Preparation.postgres(), directory);
        var server = started(directory, settings);
        return new Postgres(addressOf(server), server, PREPARED_TEMPLATE, true);
    }

    /** Leaves a server's data with a template of our schema in this directory, at once or not at all. */
    static void prepare(Path directory) {
        var making = ownDirectory();
        var server = started(making, FOR_SHORT_LIVES);
        new Postgres(addressOf(server), server, PREPARED_TEMPLATE, false).makeTemplate();
        server.stop();
        try {
            Files.move(making, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path ownDirectory() {
        return Path.of(
                "target", "testkit", "postgres-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet());
    }

    /** A server on the data of this directory, which is made when it is not there. */
    public static Postgres in(Path directory) {
        return at(directory, Map.of());
    }

    private static Postgres at(Path directory, Map<String, String> settings) {
        var server = started(directory, settings);
        return new Postgres(addressOf(server), server);
    }

    private static PostgresServer started(Path directory, Map<String, String> settings) {
        var server = new PostgresServer(directory, Ports.free(), settings);
        server.start();
        return server;
    }

    private static URI addressOf(PostgresServer server) {
        return URI.create("postgresql://postgres:postgres@127.0.0.1:" + server.port() + "/postgres");
    }

    private static Postgres container() {
        var container =
                new PostgreSQLContainer("postgres:18-alpine").withCommand("postgres", "-c", "max_connections=300");
        container.start();
        return new Postgres(
                URI.create("postgresql://%s:%s@%s:%d/%s"
                        .formatted(
                                container.getUsername(),
                                container.getPassword(),
                                container.getHost(),
                                container.getFirstMappedPort(),
                                container.getDatabaseName())),
                null);
    }

    /** A database of its own with the schema and no rows, as {@code postgresql://user:password@host:port/database}. */
    public synchronized String freshDatabase() {
        if (!templateIsThere) {
            makeTemplate();
            templateIsThere = true;
        }
        // Files, and not the log of every page: half the time, and there are hundreds of these.
        return createDatabase(" TEMPLATE " + template + " STRATEGY FILE_COPY");
    }

    private void makeTemplate() {
        execute("CREATE DATABASE " + template);
        migrate(template);
    }

    /**
     * A database with what another one of this server holds now, as a backup or a standby would have it. Whoever is
     * connected to that one is cut off and may connect again.
     */
    public String copyOf(String databaseUrl) {
        var name = URI.create(databaseUrl).getPath().substring(1);
        execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
        try {
            execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '" + name + "'");
            return createDatabase(" TEMPLATE " + name);
        } finally {
            execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS true");
        }
    }

    /** A database without a schema, for tests of the migration itself. */
    public String emptyDatabase() {
        return createDatabase("");
    }

    private String createDatabase(String options) {
        var name = "redrive_" + UUID.randomUUID().toString().replace("-", "");
        execute("CREATE DATABASE " + name + options);
        return url(name);
    }

    /** Creates the database if it is not there and returns its URL. Its schema is left to the product. */
    public String database(String name) {
        try {
            execute("CREATE DATABASE " + name);
        } catch (IllegalStateException e) {
            if (!(e.getCause() instanceof SQLException refused && "42P04".equals(refused.getSQLState()))) {
                throw e;
            }
        }
        return url(name);
    }

    private void migrate(String database) {
        Flyway.configure()
                .dataSource(jdbcUrl(database), user(), password())
                .locations("classpath:db/migration")
                .load()
                .migrate();
    }

    private void execute(String sql) {
        try (var connection =
                        DriverManager.getConnection(jdbcUrl(address.getPath().substring(1)), user(), password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private String url(String database) {
        return "postgresql://%s@%s:%d/%s"
                .formatted(address.getUserInfo(), address.getHost(), address.getPort(), database);
    }

    private String jdbcUrl(String database) {
        return "jdbc:postgresql://%s:%d/%s".formatted(address.getHost(), address.getPort(), database);
    }

    private String user() {
        return address.getUserInfo().split(":", 2)[0];
    }

    private String password() {
        return address.getUserInfo().split(":", 2)[1];
    }

    /** As in a crash. What was committed is there after {@link #start()}. */
    public void stopImmediately() {
        ownServer().stopImmediately();
    }

    /** Starts again with the same data on the same port. */
    public void start() {
        ownServer().start();
    }

    /** The server keeps its connections and answers nothing. */
    public void pause() {
        ownServer().pause();
    }

    public void resume() {
        ownServer().resume();
    }

    @Override
    public void close() {
        ownServer().stopImmediately();
    }

    private PostgresServer ownServer() {
        if (server == null) {
            throw new IllegalStateException("This Postgres is not ours to stop; take Postgres.own()");
        }
        return server;
    }
}
