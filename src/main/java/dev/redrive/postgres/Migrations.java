package dev.redrive.postgres;

import dev.redrive.Settings;
import io.vertx.pgclient.PgConnectOptions;
import org.flywaydb.core.Flyway;

/** Brings the schema up to date. Blocks on JDBC, so it runs before Vert.x deploys anything. */
public final class Migrations {

    private Migrations() {}

    /**
     * @return how many migrations were applied, 0 when the schema was current
     * @throws org.flywaydb.core.api.FlywayException when the database is out of reach or a landed migration was edited
     */
    public static int run(Settings.Database settings) {
        var options = PgConnectOptions.fromUri(settings.uri());
        var url = "jdbc:postgresql://" + options.getHost() + ":" + options.getPort() + "/" + options.getDatabase()
                + "?connectTimeout=5";
        return Flyway.configure()
                .dataSource(url, options.getUser(), options.getPassword())
                .locations("classpath:db/migration")
                .load()
                .migrate()
                .migrationsExecuted;
    }
}
