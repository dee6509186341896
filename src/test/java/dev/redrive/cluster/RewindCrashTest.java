package dev.redrive.cluster;

import static dev.redrive.testkit.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.RedriveProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whole processes that die while a topic is read again. */
class RewindCrashTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void aProcessThatDiesLosesNothingAndTheNextOneGoesOn() throws Exception {
        try (var desk = new TopicWatchDesk(1, Map.of())) {
            for (int i = 0; i < 5; i++) {
                desk.produce(0, 1_000L * i, "v" + i);
            }
            // Before the commit that moves the position.
            try (var process = redrive(desk)
                    .property("redrive.failpoint", "rewind.went-back:halt")
                    .start()) {
                until(LONG, () -> position(desk) == 5);
                order(process, desk.topic);
                assertThat(process.awaitExit(LONG)).isEqualTo(137);
            }
            assertThat(position(desk)).isEqualTo(5);
            assertThat(desk.number("SELECT count(*) FROM job")).isZero();

            desk.sql("DELETE FROM dead_letter WHERE kafka_offset = 2");
            // After it, in the transaction of what is read again.
            try (var process = redrive(desk)
                    .property("redrive.failpoint", "ingest.moved:halt")
                    .start()) {
                order(process, desk.topic);
                assertThat(process.awaitExit(LONG)).isEqualTo(137);
            }
            assertThat(position(desk)).isZero();
            assertThat(desk.number("SELECT added + known FROM rewound_partition"))
                    .isZero();

            try (var process = redrive(desk).start()) {
                until(LONG, () -> desk.number("SELECT count(*) FROM job WHERE state = 'succeeded'") == 1);
                assertThat(process.isAlive()).isTrue();
            }
            assertThat(desk.number("SELECT done FROM job")).isEqualTo(1);
            assertThat(desk.number("SELECT skipped FROM job")).isEqualTo(4);
            assertThat(desk.letters()).isEqualTo(5);
            assertThat(position(desk)).isEqualTo(5);
        }
    }

    private static RedriveProcess.Start redrive(TopicWatchDesk desk) {
        return RedriveProcess.on(desk.api.databaseUrl(), desk.broker.bootstrapServers())
                .with("REDRIVE_KAFKA_GROUP_ID", "g-" + desk.origin)
                .with("REDRIVE_TOPICS_EXCLUDE", "(?!" + desk.origin.replace(".", "\\.") + ").*")
                .with("REDRIVE_DISCOVERY_INTERVAL", "PT1S");
    }

    private static long position(TopicWatchDesk desk) throws Exception {
        return desk.number("SELECT coalesce(max(next_offset), 0) FROM ingest_position");
    }

    /** The answer may be lost with the process. */
    private static void order(RedriveProcess process, String topic) throws InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(process.url() + "/api/v1/topics/" + topic + "/rewinds"))
                .timeout(LONG)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "one")
                .POST(BodyPublishers.ofString("{\"reason\":\"INC-7\",\"partition\":0,\"fromOffset\":\"0\"}"))
                .build();
        try {
            HttpClient.newHttpClient().send(request, BodyHandlers.discarding());
        } catch (IOException died) {
            assertThat(process.awaitExit(LONG)).isEqualTo(137);
        }
    }
}
