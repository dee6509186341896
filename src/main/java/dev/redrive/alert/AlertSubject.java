package dev.redrive.alert;

import dev.redrive.Sha256;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an alert is about, and the facts by which silences and the queries of rules know it.
 *
 * @param id tells it from others of its kind; for people it need not say anything
 * @param name for people; it may be as long as its owner likes
 * @param topic the dead-letter topic of a failure group, and the topic itself of everything else
 * @param origin of a failure group
 * @param cluster its name in the settings
 */
public record AlertSubject(
        Kind kind,
        String id,
        String name,
        @Nullable String topic,
        @Nullable String origin,
        @Nullable String cluster,
        @Nullable String consumer,
        @Nullable String convention,
        @Nullable String exception,
        @Nullable String message) {

    private static final int ID_CHARS = 400;
    private static final int FACT_CHARS = 500;

    /** What there is. */
    public enum Kind {
        GROUP,
        TOPIC,
        CONSUMER,
        JOB,
        REPLAY,
        CLUSTER,
        ENDPOINT;

        /** The word of the contract. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public AlertSubject {
        if (id.length() > ID_CHARS) {
            id = id.substring(0, ID_CHARS - 70) + "…" + HexFormat.of().formatHex(Sha256.of(id));
        }
    }

    /** @param what tells alerts about one topic apart, such as a partition or a gap; empty for the topic as a whole */
    public static AlertSubject topic(String cluster, String topic, String what) {
        var id = cluster + "/" + topic + (what.isEmpty() ? "" : "/" + what);
        return new AlertSubject(Kind.TOPIC, id, topic, topic, null, cluster, null, null, null, null);
    }

    /** All letters of a dead-letter topic. */
    static AlertSubject letters(String topic, @Nullable String origin) {
        return new AlertSubject(Kind.TOPIC, topic, topic, topic, origin, null, null, null, null, null);
    }

    /** A consumer group and one topic that it reads. */
    public static AlertSubject consumer(String cluster, String group, String topic) {
        var id = cluster + "/" + topic + "/" + group;
        return new AlertSubject(Kind.CONSUMER, id, group, topic, null, cluster, group, null, null, null);
    }

    public static AlertSubject cluster(String name) {
        return new AlertSubject(Kind.CLUSTER, name, name, null, null, name, null, null, null, null);
    }

    /** Something that has a name and no place in Kafka. */
    public static AlertSubject of(Kind kind, String id, String name, @Nullable String cluster) {
        return new AlertSubject(kind, id, name, null, null, cluster, null, null, null, null);
    }

    /** What silences need later on. The message stays in the database: it can hold what a customer typed. */
    JsonObject facts() {
        return new JsonObject()
                .put("name", Texts.bounded(name, FACT_CHARS))
                .put("origin", Texts.bounded(origin, FACT_CHARS))
                .put("consumer", Texts.bounded(consumer, FACT_CHARS))
                .put("convention", convention)
                .put("exception", Texts.bounded(exception, FACT_CHARS))
                .put("message", Texts.bounded(message, FACT_CHARS));
    }

    static AlertSubject of(String kind, String id, @Nullable String topic, @Nullable String cluster, JsonObject facts) {
        return new AlertSubject(
                Kind.valueOf(kind.toUpperCase(Locale.ROOT)),
                id,
                facts.getString("name", id),
                topic,
                facts.getString("origin"),
                cluster,
                facts.getString("consumer"),
                facts.getString("convention"),
                facts.getString("exception"),
                facts.getString("message"));
    }

    /** The contract's subject of an alert. */
    JsonObject toJson() {
        return new JsonObject()
                .put("kind", kind.word())
                .put("id", shownId())
                .put("title", Texts.bounded(name))
                .put("topic", topic)
                .put("cluster", cluster);
    }

    /** Behind an @ is what tells the times apart that a group came back. */
    String shownId() {
        return kind == Kind.GROUP ? id.split("@", 2)[0] : id;
    }
}
