package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PostgresTest {

    @Test
    void givesEachTestAMigratedDatabaseOfItsOwn() throws SQLException {
        var first = Postgres.shared().freshDatabase();
        var second = Postgres.shared().freshDatabase();
        ask(first, "INSERT INTO cluster (kafka_id, name) VALUES ('a', 'a') RETURNING name", 0);
        assertThat(ask(first, "SELECT count(*) FROM cluster", 0)).isEqualTo("1");
        assertThat(ask(second, "SELECT count(*) FROM cluster", 0)).isEqualTo("0");
    }

    @Test
    void keepsWhatWasCommittedThroughAStop() throws SQLException {
        try (var own = Postgres.own()) {
            var database = own.emptyDatabase();
            ask(database, "CREATE TABLE kept AS SELECT 7 AS it; SELECT it FROM kept", 0);
            own.stopImmediately();
            assertThatThrownBy(() -> ask(database, "SELECT 1", 0)).isInstanceOf(SQLException.class);
            own.start();
            assertThat(ask(database, "SELECT it FROM kept", 0)).isEqualTo("7");
        }
    }

    @Test
    void answersNothingWhilePaused() {
        try (var own = Postgres.own()) {
            var database = own.emptyDatabase();
            own.pause();
            assertThatThrownBy(() -> ask(database, "SELECT 1", 1)).isInstanceOf(SQLException.class);
            own.resume();
            var answer = Eventually.value(
                    Duration.ofSeconds(10), "an answer", () -> Optional.of(ask(database, "SELECT 1", 1)));
            assertThat(answer).isEqualTo("1");
        }
    }

    /** @param timeoutSeconds for connecting and reading, 0 for none */
    private static String ask(String url, String sql, int timeoutSeconds) throws SQLException {
        var address = URI.create(url);
        var jdbc = "jdbc:postgresql://%s:%d%s?user=%s&password=%s&connectTimeout=%d&socketTimeout=%d"
                .formatted(
                        address.getHost(),
                        address.getPort(),
                        address.getPath(),
                        address.getUserInfo().split(":", 2)[0],
                        address.getUserInfo().split(":", 2)[1],
                        timeoutSeconds,
                        timeoutSeconds);
        try (var connection = DriverManager.getConnection(jdbc);
                var statement = connection.createStatement()) {
            var result = statement.execute(sql);
            while (!result) {
                result = statement.getMoreResults();
            }
            var rows = statement.getResultSet();
            rows.next();
            return rows.getString(1);
        }
    }
}
