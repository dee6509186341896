package dev.redrive.scenario;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Broker;
import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.Ports;
import dev.redrive.testkit.Postgres;
import dev.redrive.testkit.RedriveProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a person reads who starts it for the first time, and how soon it ends when it cannot start. */
class WhenItStartsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Of a shutdown that hung, and was given up after 9 s. */
    private static final String HUNG = "Did not stop cleanly";

    @Test
    void itWarnsOfNothingWhileAllIsWell() throws IOException {
        try (var redrive = RedriveProcess.on(
                        Postgres.shared().freshDatabase(), Broker.shared().bootstrapServers())
                .property("logback.configurationFile", "logback.xml")
                .start()) {
            assertThat(answerToAnOfferOfHttp2(redrive)).startsWith("HTTP/1.1 200");
            // A machine that is busy enough holds up an event loop of a cold JVM for seconds.
            assertThat(redrive.log().lines().filter(line -> !line.contains("BlockedThreadChecker")))
                    .anyMatch(line -> line.contains("Redrive is ready on"))
                    .noneMatch(line -> line.contains("WARN") || line.contains("ERROR"));
        }
    }

    @Test
    void itNamesAMisspeltSettingAndEndsAtOnceWhenToldToWhileItWaitsForPostgres() {
        try (var redrive = RedriveProcess.on(nobody("postgresql://a:b@127.0.0.1:%d/c"), nobody("127.0.0.1:%d"))
                .with("REDRIVE_ALERT_LAGS", "5000")
                .launch()) {
            Eventually.until(PATIENCE, "it to wait", () -> redrive.log().contains("Postgres is not ready"));
            assertThat(redrive.log())
                    .contains("REDRIVE_ALERT_LAGS is no setting and changes nothing; was REDRIVE_ALERT_LAG meant?");
            assertThat(redrive.log()).contains("refused").doesNotContain("SQL State", "org.flywaydb");

            redrive.sigterm();

            assertThat(redrive.awaitExit(PATIENCE)).isEqualTo(143);
            assertThat(redrive.log()).doesNotContain("ERROR", "could not start", HUNG);
        }
    }

    @Test
    void aPortThatIsTakenEndsItAtOnceWithTheReason() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var redrive = RedriveProcess.on(
                                Postgres.shared().freshDatabase(),
                                Broker.shared().bootstrapServers())
                        .with("REDRIVE_HTTP_PORT", Integer.toString(taken.getLocalPort()))
                        .launch()) {
            Eventually.until(PATIENCE, "the reason", () -> redrive.log().contains("could not start"));

            assertThat(redrive.awaitExit(PATIENCE)).isEqualTo(1);
            var reason = redrive.log().substring(redrive.log().indexOf("could not start"));
            assertThat(reason).contains("REDRIVE_HTTP_PORT", "in use").doesNotContain("\tat ", HUNG);
        }
    }

    @Test
    void aDatabaseThatGoesAwayWhileItStartsIsWaitedFor() throws SQLException {
        var database = Postgres.shared().freshDatabase();
        try (var holder = connect(database);
                var lock = holder.createStatement();
                var admin = connect(database);
                var statement = admin.createStatement()) {
            holder.setAutoCommit(false);
            lock.execute("LOCK TABLE alert_endpoint IN ACCESS EXCLUSIVE MODE");
            try (var redrive = RedriveProcess.on(database, Broker.shared().bootstrapServers())
                    .launch()) {
                Eventually.until(PATIENCE, "it to come to its tables, and to lose its connection there", () -> {
                    try (var ended = statement.executeQuery("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            + " WHERE application_name = 'redrive' AND wait_event_type = 'Lock'"
                            + " AND datname = current_database()")) {
                        return ended.next();
                    }
                });
                holder.rollback();

                redrive.awaitReady();
            }
        }
    }

    /** As Java's own client makes it to a server that it does not know, and goes away in the midst of it. */
    private static String answerToAnOfferOfHttp2(RedriveProcess redrive) throws IOException {
        var management = URI.create(redrive.managementUrl());
        try (var probe = new Socket(management.getHost(), management.getPort())) {
            probe.setSoTimeout((int) PATIENCE.toMillis());
            probe.getOutputStream()
                    .write(("GET /readyz HTTP/1.1\r\nHost: " + management.getHost()
                                    + "\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: "
                                    + "AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n")
                            .getBytes(US_ASCII));
            return new String(probe.getInputStream().readNBytes("HTTP/1.1 200".length()), US_ASCII);
        }
    }

    private static Connection connect(String database) throws SQLException {
        var address = URI.create(database);
        var user = address.getUserInfo().split(":", 2);
        return DriverManager.getConnection(
                "jdbc:postgresql://" + address.getHost() + ":" + address.getPort() + address.getPath(),
                user[0],
                user[1]);
    }

    private static String nobody(String address) {
        return address.formatted(Ports.free());
    }
}
