package dev.redrive.ingest;

import java.util.UUID;
import org.apache.kafka.common.TopicPartition;

/**
 * An assigned partition, bound to one incarnation of its topic: a topic made again is another binding. Knows how far
 * we have taken records over and how far they are stored. Lives on one event loop.
 */
final class Binding {

    /** Where a partition stands on its way to being read. */
    enum State {
        /** We know where to begin, but the consumer must be moved to the place before anything is taken. */
        TO_SEEK,
        READING,
        /** Out of range: looked up again once nothing of it waits to be stored. */
        LOST_PLACE,
        /** Revoked, or replaced by the binding of another incarnation. What waits is still stored. */
        CLOSED
    }

    private final Incarnation incarnation;
    private State state = State.TO_SEEK;
    private long taken;
    private int takenEpoch;
    private long stored;
    private int storedEpoch;
    private int unstored;

    /** @param next offset to read first; {@code epoch} that of the record before it, -1 unknown */
    Binding(Incarnation incarnation, long next, int epoch) {
        this.incarnation = incarnation;
        this.taken = next;
        this.takenEpoch = epoch;
        this.stored = next;
        this.storedEpoch = epoch;
    }

    Incarnation incarnation() {
        return incarnation;
    }

    TopicPartition partition() {
        return incarnation.partition();
    }

    UUID topicId() {
        return incarnation.topicId();
    }

    int topicRef() {
        return incarnation.topicRef();
    }

    State state() {
        return state;
    }

    void state(State next) {
        if (state != State.CLOSED) {
            state = next;
        }
    }

    /** The offset to read next. */
    long taken() {
        return taken;
    }

    /** Leader epoch of the last record taken, -1 unknown. */
    int takenEpoch() {
        return takenEpoch;
    }

    /** Our position: every record before this offset is in Postgres. */
    long stored() {
        return stored;
    }

    int storedEpoch() {
        return storedEpoch;
    }

    int unstored() {
        return unstored;
    }

    void take(long offset, int epoch) {
        taken = offset + 1;
        takenEpoch = epoch;
        unstored++;
    }

    /** Kafka has nothing for us before this offset: what lies between are control records and aborted ones. */
    void skipTo(long next) {
        taken = Math.max(taken, next);
    }

    /** What the position becomes when {@code letters} more are stored of which the last is at {@code offset}. */
    long positionAfter(int letters, long offset) {
        return letters == unstored ? taken : offset + 1;
    }

    void storedUpTo(int letters, long next, int epoch) {
        unstored -= letters;
        stored = next;
        storedEpoch = epoch;
    }

    /** The position in Postgres is another one than ours: we go there, and nothing that waits counts. */
    void restartAt(long next, int epoch) {
        taken = next;
        takenEpoch = epoch;
        stored = next;
        storedEpoch = epoch;
        unstored = 0;
        state(State.TO_SEEK);
    }
}
