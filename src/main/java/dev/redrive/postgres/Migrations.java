package dev.redrive.postgres;

import dev.redrive.Settings;
import io.vertx.pgclient.PgConnectOptions;
import java.sql.SQLException;
import java.util.Set;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings the schema up to date. Blocks on JDBC, so it runs before Vert.x deploys anything. */
public final class Migrations {

    /** Connection, rights and names, as classes of SQLSTATE. */
    private static final Set<String> NO_CONNECTION = Set.of("08", "28", "3D");

    private static final Set<String> NO_CONNECTION_YET = Set.of("53300", "57P03");

    private Migrations() {}

    /**
     * @return how many migrations were applied, 0 when the schema was current
     * @throws SQLException when there is no connection to the database
     * @throws FlywayException when a landed migration was edited, or one fails
     */
    public static int run(Settings.Database settings) throws SQLException {
        var options = PgConnectOptions.fromUri(settings.uri());
        var url = "jdbc:postgresql://" + options.getHost() + ":" + options.getPort() + "/" + options.getDatabase()
                + "?connectTimeout=5";
        try {
            return Flyway.configure()
                    .dataSource(url, options.getUser(), options.getPassword())
                    .locations("classpath:db/migration")
                    .load()
                    .migrate()
                    .migrationsExecuted;
        } catch (FlywayException failure) {
            // One sentence of the driver, which Flyway frames with lines of its own.
            if (failure.getCause() instanceof SQLException said && saysThatNobodyIsThere(said)) {
                throw said;
            }
            throw failure;
        }
    }

    private static boolean saysThatNobodyIsThere(SQLException said) {
        var state = said.getSQLState();
        return state != null
                && state.length() == 5
                && (NO_CONNECTION.contains(state.substring(0, 2)) || NO_CONNECTION_YET.contains(state));
    }
}
