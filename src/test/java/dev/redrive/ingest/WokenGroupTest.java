package dev.redrive.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Broker;
import dev.redrive.testkit.BrokerTopics;
import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.Postgres;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What letters that come in do to a failure group about which somebody had decided. */
class WokenGroupTest {

    private final BrokerTopics broker = Broker.shared().topics();
    private final Rig rig =
            new Rig(Broker.shared().bootstrapServers(), Postgres.shared().freshDatabase());
    private final String topic = rig.topic("orders-dlq");

    @BeforeEach
    void readOne() {
        broker.createTopic(topic, 1);
        produce();
        rig.start().awaitLetters(1);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private void produce() {
        broker.produce(topic, null, "v".getBytes(StandardCharsets.UTF_8));
    }

    private void decide(String triage, String more) {
        rig.sql("""
                INSERT INTO failure_group_state (failure_group_id, triage, snoozed_letters)
                SELECT id, '%s', %s FROM failure_group""".formatted(triage, more));
    }

    private String triage() {
        return rig.sql("SELECT triage FROM failure_group_state").get(0).getString(0);
    }

    @Test
    void isRegressedByTheNextLetterAfterItWasResolved() {
        decide("resolved", "NULL");
        produce();
        rig.awaitLetters(2);
        assertThat(triage()).isEqualTo("regressed");
        assertThat(rig.number("SELECT count(*) FROM failure_group_state WHERE regressed_at IS NOT NULL"))
                .isEqualTo(1);
    }

    @Test
    void wakesExactlyWhenSoManyMoreHaveCome() {
        decide("snoozed", "2");
        produce();
        rig.awaitLetters(2);
        assertThat(triage()).isEqualTo("snoozed");
        produce();
        rig.awaitLetters(3);
        assertThat(triage()).isEqualTo("none");
    }

    @Test
    void sendsItsLettersToTheGroupItWasMergedInto() {
        rig.sql("""
                WITH survivor AS (
                  INSERT INTO failure_group (fingerprint, fingerprint_version, title, topic, convention, parts)
                  VALUES ('\\x00', 1, 'Survivor', 'orders-dlq', 'unknown', '[]') RETURNING id),
                counted AS (INSERT INTO failure_group_counter (failure_group_id) SELECT id FROM survivor)
                INSERT INTO failure_group_state (failure_group_id, merged_into)
                SELECT g.id, s.id FROM failure_group g, survivor s""");
        produce();
        Eventually.untilAsserted(Rig.SOON, () -> assertThat(rig.number("""
                                SELECT coalesce(sum(c.letters), 0)::bigint FROM failure_group g JOIN failure_group_counter c
                                ON c.failure_group_id = g.id WHERE g.title = 'Survivor'""")).isEqualTo(1));
        assertThat(rig.number("""
                        SELECT count(*) FROM letter_state s JOIN dead_letter d ON d.id = s.letter_id
                        WHERE s.failure_group_id <> d.failure_group_id""")).isEqualTo(1);
        rig.assertCountersAgree();
    }
}
