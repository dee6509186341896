package dev.redrive.cluster;

import static dev.redrive.cluster.WatchDesk.PATIENCE;
import static dev.redrive.testkit.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Kafka took and Postgres never heard of is found again, and made no second time. */
class QuarantineCrashTest {

    private ParcelDesk rig;
    private WatchDesk desk;
    private String letters;

    @BeforeEach
    void open() throws Exception {
        rig = new ParcelDesk();
        desk = rig.desk;
        letters = rig.letters;
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void whoGoesOnAfterACrashBetweenCopyAndMoveCopiesNothingTwice() throws Exception {
        try (var member = desk.member(1)) {
            assertThat(member).isNotNull();
        }
        assertThat(rig.ask(false, 1, ParcelDesk.key()).statusCode()).isEqualTo(200);
        rig.forgetTheCopy();
        try (var member = desk.member(1)) {
            assertThat(member).isNotNull();
            assertThat(rig.ask(false, 1, ParcelDesk.key()).statusCode()).isEqualTo(409);
        }
        var done = rig.ask(false, 1, ParcelDesk.key());
        assertThat(done.bodyAsJsonObject().getString("state"))
                .as(done.bodyAsString())
                .isEqualTo("done");
        assertThat(done.bodyAsJsonObject().getString("deadLetterOffset")).isEqualTo("0");
        assertThat(desk.broker.topics().read(letters)).hasSize(1);
        assertThat(rig.ask(true, 2, "").bodyAsJsonObject().getString("state")).isEqualTo("possible");
    }

    @Test
    void aCopyThatNobodyNotedIsFoundAlsoWhereTheGroupWentOnByItself() throws Exception {
        rig.stands(1);
        assertThat(rig.ask(false, 1, ParcelDesk.key()).statusCode()).isEqualTo(200);
        rig.forgetTheCopy();
        var done = rig.ask(false, 1, ParcelDesk.key());
        assertThat(done.statusCode()).as(done.bodyAsString()).isEqualTo(200);
        assertThat(done.bodyAsJsonObject().getString("deadLetterOffset")).isEqualTo("0");
        assertThat(done.bodyAsJsonObject().getString("state")).isEqualTo("done");
        assertThat(desk.broker.topics().read(letters)).hasSize(1);
    }

    @Test
    void aCopyThatNobodyNotedIsToldOfWhereTheRecordIsGone() throws Exception {
        rig.stands(1);
        assertThat(rig.ask(false, 1, ParcelDesk.key()).statusCode()).isEqualTo(200);
        rig.forgetTheCopy();
        rig.stands(1);
        var before = Map.of(new TopicPartition(desk.topic, 0), RecordsToDelete.beforeOffset(2));
        desk.broker.admin().deleteRecords(before).all().get(10, TimeUnit.SECONDS);
        var refused = rig.ask(false, 1, ParcelDesk.key());
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.bodyAsJsonObject().getString("detail"))
                .endsWith("The copy is in " + letters + ", partition 0, offset 0, and is not made again.");
    }

    @Test
    void whoMovesAGroupAgainIsWrittenDownAgain() throws Exception {
        rig.stands(1);
        assertThat(rig.ask(false, 1, ParcelDesk.key()).statusCode()).isEqualTo(200);
        rig.stands(1);
        var again = rig.ask(false, 1, ParcelDesk.key());
        assertThat(again.bodyAsJsonObject().getString("state"))
                .as(again.bodyAsString())
                .isEqualTo("done");
        assertThat(desk.broker.topics().read(letters)).hasSize(1);
        assertThat(desk.count("SELECT count(*) FROM audit_event WHERE action = 'record-quarantined'"))
                .isEqualTo(2);
    }

    @Test
    void aTransactionOfSomebodyElseHidesNoCopyFromWhoGoesOn() throws Exception {
        rig.stands(1);
        try (var other = rig.producer()) {
            other.beginTransaction();
            other.send(new ProducerRecord<>(letters, 0, null, new byte[] {1})).get(10, TimeUnit.SECONDS);
            assertThat(rig.ask(false, 1, ParcelDesk.key()).statusCode()).isEqualTo(200);
            rig.forgetTheCopy();
            rig.stands(1);
            var refused = rig.ask(false, 1, ParcelDesk.key());
            assertThat(refused.statusCode()).as(refused.bodyAsString()).isEqualTo(409);
            assertThat(refused.bodyAsJsonObject().getString("detail")).contains("transaction");
            other.abortTransaction();
        }
        until(PATIENCE, () -> rig.ask(false, 1, ParcelDesk.key()).statusCode() == 200);
        assertThat(desk.broker.topics().read(letters))
                .filteredOn(record -> record.headers().lastHeader("redrive-quarantine") != null)
                .hasSize(1);
    }
}
