package dev.redrive.alert;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.LogLines;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What of a letter gets into what is told of it. */
class AlertPayloadTest {

    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private RuleDesk desk;

    @BeforeEach
    void open() throws Exception {
        desk = new RuleDesk();
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    @Test
    @DisplayName("A-19: nothing that a customer wrote gets into a message, its subject, its link, an alert or the log")
    void payloadsStayHere() throws Exception {
        var secrets = List.of("anna.schmidt@example.org", "4111111111111111", "Hauptstr");
        var record =
                desk.record("orders-dlt", "java.lang.IllegalStateException", "no card " + String.join(" ", secrets));
        record.headers().add("x-customer", secrets.get(0).getBytes(UTF_8));
        desk.sql("UPDATE alert_rule SET query = 'nonsense:1' WHERE condition = 'regressed'");
        try (var log = LogLines.ofAll()) {
            desk.store(List.of(record));
            desk.sql("UPDATE failure_group SET message = 'no card anna.schmidt@example.org 4111111111111111 Hauptstr'");
            desk.lookFor(Duration.ofHours(26), Duration.ofMinutes(30));
            assertThat(desk.told()).hasSizeGreaterThanOrEqualTo(2);
            var everything = desk.told().toString()
                    + desk.api.get("/api/v1/alerts").bodyAsString()
                    + desk.sql("SELECT string_agg(title || data || path, ' ') FROM alert")
                            .get(0)
                            .getString(0);
            assertThat(everything).contains("IllegalStateException").doesNotContain(secrets);
            assertThat(String.join("\n", log.all())).contains("fits nothing").doesNotContain(secrets);
        }
    }

    @Test
    @DisplayName("A-19: a rule that shows payloads names the letter, and its bytes are read when they are sent")
    void aRuleMayShowTheFirstLetter() throws Exception {
        desk.sql("UPDATE alert_rule SET show_payload = true WHERE condition = 'new-group'");
        desk.letters("orders-dlt", "java.lang.IllegalStateException", 3);
        desk.lookFor(Duration.ofSeconds(31), TEN_SECONDS);
        var message = desk.told().get(0);
        assertThat(message.getString("letterId"))
                .isEqualTo(
                        desk.sql("SELECT min(id)::text FROM dead_letter").get(0).getString(0));
        assertThat(message.containsKey("payload")).isFalse();
        var outbox = new OutboxStore(desk.api.pool());
        var claim = desk.await(outbox.claim(1, 1, Duration.ofMinutes(1))).orElseThrow();
        assertThat(desk.await(outbox.withPayload(claim)).data()).contains("\"payload\":\"value\"");
        desk.sql("UPDATE dead_letter SET value = convert_to(repeat('ü', 1500), 'UTF8')");
        assertThat(desk.await(outbox.withPayload(claim)).data()).contains("ü".repeat(1_000) + "…\"");
        desk.sql("UPDATE dead_letter SET value = '\\xfffe00'");
        assertThat(desk.await(outbox.withPayload(claim)))
                .as("bytes that are no text")
                .isEqualTo(claim);
        desk.sql("UPDATE dead_letter SET value = NULL, storage = 'pointer'");
        assertThat(desk.await(outbox.withPayload(claim))).as("purged").isEqualTo(claim);
    }
}
