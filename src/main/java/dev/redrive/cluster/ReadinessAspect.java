package dev.redrive.cluster;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is looked at, and why it matters at 3 in the morning. The ids are part of the API. */
enum ReadinessAspect {
    RETENTION(
            "Old records are removed",
            "Without a bound the topic grows until a disk is full. That broker stops, and with it every topic on it."),
    DISK(
            "The disks hold it if traffic doubles",
            "A retry storm doubles traffic within minutes. A full disk stops the broker long before anybody is awake."),
    PARTITIONS(
            "There is more than one partition",
            "With one partition one consumer does all the work; adding consumers at night does not help."),
    NULL_KEYS(
            "Records have keys", "Without keys nothing keeps the events of one order in order, and a retry overtakes."),
    HOT_KEY(
            "No key has most of the records",
            "All records of a key go to one partition. Its consumer falls behind while the others are idle."),
    DUPLICATES(
            "No record is there twice",
            "The same key and value at two offsets is most often a producer that retries without idempotence, or a replay loop."),
    REPLICATION("Three brokers have a copy", "With one copy the loss of one disk is the loss of the records."),
    MIN_ISR(
            "Two copies make a write",
            "With 1 a write is acknowledged by one broker alone; when that one goes, acknowledged records are gone."),
    UNCLEAN_ELECTION(
            "Only a complete copy becomes the leader",
            "A copy that is behind may take over, and records that producers hold for written vanish without a trace."),
    DEAD_LETTER_TOPIC(
            "There is a dead-letter topic",
            "Without one a record that cannot be processed stops its partition, or is dropped and forgotten."),
    DEAD_LETTER_PARTITIONS(
            "The dead-letter topic has as many partitions as the origin",
            "Frameworks send a letter to the partition it failed in. Where that does not exist, sending fails and the consumer loops."),
    DEAD_LETTER_SIZE(
            "The dead-letter topic takes the largest record and its stack trace",
            "A record that is too large for the dead-letter topic fails again while it is reported, and the consumer loops."),
    DEAD_LETTER_RETENTION(
            "Letters are kept longer than the records they came from, 7 days at least",
            "A letter that Kafka drops before it is read is a gap. Nobody can replay it."),
    DEAD_LETTER_CLEANUP(
            "The dead-letter topic is not compacted",
            "Compaction throws away all letters of a key but the last, and refuses letters without a key."),
    DEAD_LETTER_REPLICATION(
            "The dead-letter topic is as safe as the origin",
            "Letters are the only copy of what failed; a broker that is lost must not take them along."),
    ACL(
            "Redrive may read the letters and write to the origin",
            "Without the right to write, the replay that everybody waits for is refused when it is needed."),
    ACL_GROUP(
            "Redrive may read with its consumer group",
            "Without it no letter is read, nobody is told, and retention goes on."),
    ACL_CONSUMERS(
            "Redrive may see the consumer groups that letters came from",
            "Whether a replay was consumed, and who is stuck, is seen by their offsets alone."),
    ACL_TRANSACTIONS(
            "Lanes may write in transactions",
            "A replay and the receipt that proves it are one transaction. Without it a crash leaves replays that nobody can prove."),
    HEADERS(
            "Letters say where they came from",
            "A letter without its origin can only be replayed by somebody who knows by heart where it belongs."),
    INGEST("Redrive reads the dead-letter topic", "While it is not read nobody is told, and retention goes on."),
    ALERT("Somebody is told", "A failure that nobody hears of is found by a customer.");

    private final String what;
    private final String why;

    ReadinessAspect(String what, String why) {
        this.what = what;
        this.why = why;
    }

    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String what() {
        return what;
    }

    String why() {
        return why;
    }

    ReadinessCheck ok(String topic, String measured) {
        return new ReadinessCheck(this, ReadinessLevel.OK, topic, measured, null);
    }

    ReadinessCheck warn(String topic, String measured, @Nullable String fix) {
        return new ReadinessCheck(this, ReadinessLevel.WARN, topic, measured, fix);
    }

    ReadinessCheck fail(String topic, String measured, @Nullable String fix) {
        return new ReadinessCheck(this, ReadinessLevel.FAIL, topic, measured, fix);
    }

    ReadinessCheck unknown(String topic, String reason) {
        return new ReadinessCheck(this, ReadinessLevel.UNKNOWN, topic, reason, null);
    }
}
