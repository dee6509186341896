package dev.redrive.postgres;

import dev.redrive.Settings;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Opens pools and says how to connect; the caller owns a pool and closes it. */
public final class Database {

    /** Postgres channel on which stores say "something changed"; the payload is a small JSON hint. */
    public static final String CHANGED = "redrive_changed";

    /** No statement is so long that compiling it would pay. */
    private static final Map<String, String> READS = Map.of("jit", "off");

    /**
     * Each statement has an index that serves it. One that was planned while its table was small, and for a small table
     * that is a walk through all rows, goes on like that for as long as its connection lives; replays were claimed at
     * two thirds of the rate because of it.
     */
    private static final Map<String, String> WORK = Map.of("enable_seqscan", "off", "jit", "off");

    /** A plan for the values of each search, not one for all of them. */
    private static final Map<String, String> SEARCHES = Map.of("plan_cache_mode", "force_custom_plan", "jit", "off");

    /** Characters. The client plans a longer one each time, which takes longer than the list of failure groups itself. */
    private static final int LONGEST_READ_KEPT = 16_384;

    private final Settings.Database settings;

    public Database(Settings.Database settings) {
        this.settings = settings;
    }

    /** For ingest, replay and everything that must go on while people search. */
    public Pool open(Vertx vertx) {
        return open(vertx, "redrive", settings.poolSize(), connectOptions("redrive", 30_000), WORK);
    }

    /** For lists and searches: small and with a short statement timeout, so that a bad query starves nobody. */
    public Pool openForReading(Vertx vertx) {
        var options = connectOptions("redrive-read", 5_000);
        options.setPreparedStatementCacheSqlLimit(LONGEST_READ_KEPT);
        return open(vertx, "redrive-read", Math.max(2, settings.poolSize() / 2), options, READS);
    }

    /** For what looks at letters one by one: the worst search fills this pool and holds up nobody else. */
    public Pool openForSearching(Vertx vertx) {
        var options = connectOptions("redrive-search", 2_000);
        return open(vertx, "redrive-search", Math.max(2, settings.poolSize() / 4), options, SEARCHES);
    }

    private Pool open(Vertx vertx, String name, int size, PgConnectOptions options, Map<String, String> settled) {
        var properties = new HashMap<>(options.getProperties());
        properties.putAll(settled);
        options.setProperties(properties);
        var pool = new PoolOptions()
                .setName(name)
                .setShared(true)
                .setMaxSize(size)
                // A caller that waits longer is better told so.
                .setConnectionTimeout(5)
                .setConnectionTimeoutUnit(TimeUnit.SECONDS);
        return PgBuilder.pool()
                .with(pool)
                .with(new NetClientOptions().setConnectTimeout(5_000).setTcpKeepAlive(true))
                .connectingTo(options)
                .using(vertx)
                .build();
    }

    /** For a connection of one's own, such as the one that listens. */
    public PgConnectOptions connectOptions(String applicationName, int statementTimeoutMillis) {
        return PgConnectOptions.fromUri(settings.uri())
                .setCachePreparedStatements(true)
                .setProperties(Map.of(
                        "application_name",
                        applicationName,
                        "statement_timeout",
                        Integer.toString(statementTimeoutMillis),
                        "TimeZone",
                        "UTC"));
    }
}
