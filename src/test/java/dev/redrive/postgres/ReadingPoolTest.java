package dev.redrive.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Settings;
import dev.redrive.testkit.Postgres;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import org.junit.jupiter.api.Test;

class ReadingPoolTest {

    private static final String KEPT = "SELECT count(*) FROM pg_prepared_statements WHERE statement = $1";

    /** To plan the list of failure groups takes longer than to run it. */
    @Test
    void plansALongStatementOnce() {
        var vertx = Vertx.vertx();
        try {
            var database = new Database(new Settings.Database(Postgres.shared().freshDatabase(), 4));
            var sql = "SELECT " + "1 + ".repeat(3_000) + "1";
            var kept = database.openForReading(vertx)
                    .withConnection(connection -> connection
                            .preparedQuery(sql)
                            .execute()
                            .compose(asked -> connection.preparedQuery(KEPT).execute(Tuple.of(sql))));
            assertThat(kept.await().iterator().next().getLong(0)).isEqualTo(1);
        } finally {
            vertx.close().await();
        }
    }
}
