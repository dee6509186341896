package dev.redrive.alert;

import dev.redrive.filter.Field;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a rule waits for. A condition that lasts fires while it holds, is told again after the rule's repeat interval, and
 * its end is told; a moment happened, is told once, and its alert ends without a word.
 */
public enum Condition {
    /** A fingerprint that was never met before. */
    NEW_GROUP("redrive.group.new", true, Asks.GROUPS, "new failure groups"),
    /** A letter came into a group that was resolved. */
    REGRESSED("redrive.group.regressed", true, Asks.GROUPS, "failure groups are back"),
    /** A group gets letters much faster than in the week before. Threshold: the factor. Window: of how long. */
    ESCALATING("redrive.group.escalating", false, Asks.GROUPS, "failure groups escalate"),
    /** A topic gets letters much faster than in its own week before, whichever groups they are of. As the one before. */
    TOPIC_ESCALATING("redrive.topic.escalating", false, Asks.LETTERS, "topics escalate"),
    /** So many letters or more arrived in a topic within the window. */
    LETTERS("redrive.alert.firing", false, Asks.LETTERS, "topics with many letters"),
    /** Letters of a topic are open for longer than the window. */
    OLDEST_OPEN("redrive.alert.firing", false, Asks.LETTERS, "topics with letters that wait"),
    /** A consumer group is more records behind than the threshold, and does not catch up. */
    CONSUMER_LAG("redrive.alert.firing", false, Asks.TOPICS, "consumer groups fall behind"),
    /** The offset of a consumer group does not move though there is something to read. */
    STUCK_CONSUMER("redrive.alert.firing", false, Asks.TOPICS, "consumer groups are stuck"),
    /** As the two before, for Redrive's own consumer group. */
    INGEST_LAG("redrive.ingest.lagging", false, Asks.TOPICS, "topics are read too slowly"),
    /** Kafka will soon drop what was not read. Threshold: percent of the retention that is left. */
    EXPIRY("redrive.alert.firing", false, Asks.TOPICS, "topics are about to lose letters"),
    /** Kafka dropped letters before they were read. */
    GAP("redrive.ingest.gap", true, Asks.TOPICS, "gaps"),
    JOB_STOPPED("redrive.job.paused", false, Asks.NOTHING, "jobs have stopped"),
    JOB_FINISHED("redrive.job.finished", true, Asks.NOTHING, "jobs are finished"),
    /** Replays of which nobody can say whether they were sent, or a lane that waits for a person. */
    REPLAY_UNCERTAIN("redrive.replay.hold", false, Asks.NOTHING, "replays are uncertain"),
    TOPIC_UNREADY("redrive.topic.unready", false, Asks.TOPICS, "topics are not ready"),
    CLUSTER_UNREACHABLE("redrive.alert.firing", false, Asks.NOTHING, "clusters do not answer"),
    /** Events are dead: they reached an endpoint in no attempt. */
    DELIVERY_DEAD("redrive.alert.firing", false, Asks.NOTHING, "endpoints get no alerts"),
    HANGING_TRANSACTION("redrive.alert.firing", false, Asks.TOPICS, "topics with a hanging transaction");

    /** What the query of a rule may ask about. */
    enum Asks {
        /** Facts of a failure group, looked at in memory. */
        GROUPS(
                Field.TOPIC,
                Field.ORIGIN,
                Field.CONSUMER,
                Field.GROUP,
                Field.CLASS,
                Field.CAUSE,
                Field.ERROR,
                Field.CONVENTION),
        /** Anything a letter knows without its bytes, as SQL. */
        LETTERS,
        TOPICS(Field.TOPIC, Field.ORIGIN, Field.CONSUMER),
        NOTHING;

        private final Set<Field> fields;

        Asks(Field... fields) {
            this.fields = Set.of(fields);
        }

        Set<Field> fields() {
            return fields;
        }
    }

    private final String event;
    private final boolean moment;
    private final Asks asks;
    private final String many;

    Condition(String event, boolean moment, Asks asks, String many) {
        this.event = event;
        this.moment = moment;
        this.asks = asks;
        this.many = many;
    }

    /** The word of the contract, such as {@code new-group}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Condition of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    static Optional<Condition> known(String word) {
        return Arrays.stream(values())
                .filter(condition -> condition.word().equals(word))
                .findFirst();
    }

    /** CloudEvents type of the message that it fires. */
    String event() {
        return event;
    }

    boolean isMoment() {
        return moment;
    }

    Asks asks() {
        return asks;
    }

    /** What several of them are, behind their number. */
    String many() {
        return many;
    }

    /** Whether the interval between two messages is each topic's own: what fails elsewhere must not wait for it. */
    boolean isToldByTopic() {
        return this == NEW_GROUP;
    }

    /** About what lies in Kafka, which nobody can know while the cluster does not answer. */
    boolean isAboutKafka() {
        return switch (this) {
            case CONSUMER_LAG, STUCK_CONSUMER, INGEST_LAG, EXPIRY, TOPIC_UNREADY, HANGING_TRANSACTION -> true;
            default -> false;
        };
    }

    /** Whether only who asks the cluster knows that it is over. */
    boolean isKnownByAsking() {
        return this == CLUSTER_UNREACHABLE || isAboutKafka();
    }

    /** @return what a rule of this condition has where none is given; null where it needs none, or has to say it */
    @Nullable
    Duration window() {
        return switch (this) {
            case ESCALATING -> Duration.ofHours(2);
            case TOPIC_ESCALATING -> Duration.ofHours(1);
            case OLDEST_OPEN -> Duration.ofHours(24);
            case LETTERS -> Duration.ofMinutes(5);
            default -> null;
        };
    }

    /** @return as {@link #window}; the one of {@link #CONSUMER_LAG} is in the settings */
    @Nullable
    Double threshold() {
        return switch (this) {
            case ESCALATING, TOPIC_ESCALATING -> 3.0;
            case LETTERS -> 100.0;
            case INGEST_LAG -> 1_000.0;
            case EXPIRY -> 50.0;
            default -> null;
        };
    }
}
